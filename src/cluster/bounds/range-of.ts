/** First key, and the first one after: of one key, or of all that begin with one that ends in `/`. */
export function rangeOf(key: string): readonly [from: string, end: string] {
  return key.endsWith("/") ? [key, `${key.slice(0, -1)}0`] : [key, `${key}\0`];
}

/** Whether a key is one of these, or begins with one that ends in `/`. */
export function within(places: readonly string[]): (key: string) => boolean {
  const ranges = places.map(rangeOf);
  return (key) => ranges.some(([from, end]) => key >= from && key < end);
}

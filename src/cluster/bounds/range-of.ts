/** First key, and the first one after: of one key, or of all that begin with one that ends in `/`. */
export function rangeOf(key: string): readonly [from: string, end: string] {
  return key.endsWith("/") ? [key, `${key.slice(0, -1)}0`] : [key, `${key}\0`];
}

/** docker's `filters` as the words of `--filter`, which mean the same. */
export function filterWords(filters: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(filters).flatMap(([key, values]) => values.map((value) => `${key}=${value}`));
}

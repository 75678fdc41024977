/** The first twelve digits, as docker shows ids. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

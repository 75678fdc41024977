/** Where something stands in a template: an offset in its text. */
export type Position = number;

/** `2:14`: the line, counted from 1, and the character in it, counted from 0, as Go counts them. */
export function placeOf(source: string, position: Position): string {
  const before = source.slice(0, position).split("\n");
  return `${before.length}:${before.at(-1)?.length ?? 0}`;
}

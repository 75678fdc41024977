import { byteSize } from "./byte-size.js";

/** What `docker … prune` prints: a list for each kind of thing that went, and the room that it gave back. */
export function prunedText(lists: Readonly<Record<string, readonly string[]>>, bytes: number): string {
  const parts = Object.entries(lists).flatMap(([title, names]) =>
    names.length === 0 ? [] : [`Deleted ${title}:\n${names.map((name) => `${name}\n`).join("")}\n`],
  );
  return `${parts.join("")}Total reclaimed space: ${byteSize(bytes)}\n`;
}

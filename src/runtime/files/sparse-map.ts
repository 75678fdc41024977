import { damagedArchive } from "../images/damaged-archive.js";
import { BLOCK } from "../images/tar-header.js";
import type { ByteSource } from "../images/tar-reader.js";
import type { Extent } from "./entry-facts.js";

/** How many pieces a file may be in. */
const MOST = 1 << 20;

/**
 * Reads the map of a file with holes that stands before its data, in lines of decimal numbers padded to whole blocks (GNU tar
 * manual, "PAX Format, Version 1.0"). Returns it with how many bytes it took.
 */
export async function readSparseMap(
  bytes: ByteSource,
  archive: string,
): Promise<{ readonly map: readonly Extent[]; readonly length: number }> {
  const numbers: number[] = [];
  let line = "";
  let length = 0;
  for (let wanted = 1; numbers.length < wanted; ) {
    const block = await bytes.read(BLOCK);
    if (block.length < BLOCK) throw damagedArchive(archive, "is cut short");
    length += BLOCK;
    for (const character of block.toString("latin1")) {
      if (numbers.length === wanted) break;
      if (character !== "\n") {
        line += character;
        continue;
      }
      if (!/^\d{1,15}$/.test(line) || numbers.length > 2 * MOST)
        throw damagedArchive(archive, "is damaged: the map of a file with holes is malformed");
      numbers.push(Number(line));
      line = "";
      wanted = 1 + 2 * (numbers[0] ?? 0);
    }
  }
  const map = Array.from({ length: numbers[0] ?? 0 }, (_, at) => ({
    offset: numbers[1 + 2 * at] ?? 0,
    size: numbers[2 + 2 * at] ?? 0,
  }));
  return { map, length };
}

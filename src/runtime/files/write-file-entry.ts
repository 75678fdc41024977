import { closeSync, constants, ftruncateSync, openSync, unlinkSync, writeSync } from "node:fs";
import { constants as os } from "node:os";
import { errnoOf } from "../../kernel/errno.js";
import { openName, type Place, statusOfName } from "../../kernel/files/place.js";
import { readable } from "../images/byte-text.js";
import { damagedArchive } from "../images/damaged-archive.js";
import type { StreamBytes } from "../images/stream-bytes.js";
import type { TarEntry } from "../images/tar-reader.js";
import type { EntryFacts, Extent } from "./entry-facts.js";
import { type GivingOptions, giveFacts } from "./give-facts.js";
import { inTheWay } from "./make-way.js";
import { readSparseMap } from "./sparse-map.js";

interface FileEntry {
  readonly entry: TarEntry;
  readonly facts: EntryFacts;
  readonly bytes: StreamBytes;
  /** Names the archive in errors. */
  readonly archive: string;
  readonly giving: GivingOptions;
}

/** Writes a file of an archive, as a new one. Returns how many bytes of the entry it has read, and how large the file is. */
export async function writeFileEntry(
  place: Place,
  file: FileEntry,
): Promise<{ readonly read: number; readonly size: number }> {
  const { entry, facts, bytes, archive } = file;
  const { map, length, size } = await layoutOf(file);
  const descriptor = openNew(place, file);
  try {
    let left = entry.size - length;
    for (const extent of map) {
      if (extent.size > left || extent.offset + extent.size > size)
        throw damagedArchive(archive, "is damaged: a file has more data than it says");
      left -= extent.size;
      await write(descriptor, bytes, { ...extent, archive });
    }
    ftruncateSync(descriptor, size);
    await giveFacts(descriptor, facts, file.giving);
    return { read: entry.size - left, size };
  } finally {
    closeSync(descriptor);
  }
}

interface Layout {
  readonly map: readonly Extent[];
  /** Bytes that the map takes in the archive. */
  readonly length: number;
  /** Of the file. */
  readonly size: number;
}

async function layoutOf({ entry, facts: { sparse }, bytes, archive }: FileEntry): Promise<Layout> {
  if (sparse === undefined) return { map: [{ offset: 0, size: entry.size }], length: 0, size: entry.size };
  if (sparse.map === "in a form that tsd does not read")
    throw damagedArchive(archive, `has "${readable(entry.name)}" with holes, in a form that tsd does not read`);
  if (sparse.map !== "before the data") return { map: sparse.map, length: 0, size: sparse.size };
  return { ...(await readSparseMap(bytes, archive)), size: sparse.size };
}

async function write(
  descriptor: number,
  bytes: StreamBytes,
  { offset, size, archive }: Extent & { readonly archive: string },
): Promise<void> {
  let at = offset;
  for await (const piece of bytes.pieces(size)) {
    for (let done = 0; done < piece.length; )
      done += writeSync(descriptor, piece, done, piece.length - done, at + done);
    at += piece.length;
  }
  if (at < offset + size) throw damagedArchive(archive, "is cut short");
}

/** A file that is mounted, such as /etc/hosts of a container, cannot be replaced, and is written in place. */
function openNew(place: Place, { entry }: FileEntry): number {
  const found = place.status();
  if (found?.isDirectory()) throw inTheWay(entry.name, "no directory", "one");
  try {
    if (found !== undefined) unlinkSync(place.path);
  } catch (error) {
    if (errnoOf(error) !== os.errno.EBUSY) throw error;
    return openMounted(place, entry);
  }
  return openSync(place.path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);
}

function openMounted(place: Place, entry: TarEntry): number {
  const named = openName(place);
  try {
    if (named === undefined || !statusOfName(named).isFile())
      throw inTheWay(entry.name, "a file", "something that is mounted");
    return openSync(`/proc/self/fd/${named}`, constants.O_WRONLY | constants.O_TRUNC);
  } finally {
    if (named !== undefined) closeSync(named);
  }
}

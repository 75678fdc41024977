import { posix } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { type ByteText, readable } from "./byte-text.js";
import { damagedArchive } from "./damaged-archive.js";
import type { FrameWriter } from "./layer-frame.js";
import { limits, tooMany } from "./limits.js";
import { StreamBytes } from "./stream-bytes.js";
import { BLOCK } from "./tar-header.js";
import { type TarEntry, TarReader } from "./tar-reader.js";

/** What a layer hides of the layers below it. Paths are relative to the root, without `.` and `..`. */
export interface Hidden {
  /** Single entries. */
  readonly paths: ByteText[];
  /** Directories whose contents below are hidden; `.` is the root. */
  readonly contents: ByteText[];
}

export interface LayerFilterOptions {
  /** Names the layer in errors. */
  readonly archive: string;
  /** Filled while the layer is read. */
  readonly hidden: Hidden;
  /** Refuse an archive without end-of-archive marker, which a cut may have taken. */
  readonly needsEnd: boolean;
  /** Takes what is needed, beside the files, to write the archive again. */
  readonly frame?: FrameWriter;
}

/** OCI image layer specification, "Whiteouts". */
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";
/** Notes of the aufs driver to itself. */
const AUFS_NOTE = ".wh..wh.";

const kept = new Set(["0", "1", "2", "5", "6", "S"]);
const device = new Set(["3", "4"]);

/**
 * A layer as tar may unpack it: the same archive without
 * - whiteouts, which are listed in `hidden` instead;
 * - device nodes: the runtime makes a container's /dev, and anywhere else a node from an image can only be a way to the
 * machine's own devices. Hard links to them go too;
 * - global headers and what follows the end-of-archive marker.
 *
 * Throws `invalid-input` for a damaged archive and for entries that point out of the layer by `..`. Absolute paths are the
 * layer's own (tar drops the `/`); symbolic links are tar's business, which makes those that lead outside last.
 */
export async function* filterLayer(
  layer: AsyncIterable<Uint8Array>,
  options: LayerFilterOptions,
): AsyncGenerator<Buffer> {
  const { frame } = options;
  const bytes = new StreamBytes(layer, frame && ((piece) => frame.take(piece)));
  const reader = new TarReader(bytes, options.archive);
  const devices = new Set<ByteText>();
  try {
    for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
      const passes = shouldPass(entry, devices, options);
      const count = devices.size + options.hidden.paths.length + options.hidden.contents.length;
      if (count > limits.remembered)
        throw tooMany(options.archive, "device nodes and hidden entries", count, limits.remembered);
      if (passes) yield* entry.header;
      if (passes && entry.type === "0") frame?.file(pathInside(entry.name, entry.name, options.archive), entry.size);
      await frame?.drain();
      yield* data(entry, passes, bytes, options.archive);
    }
    if (options.needsEnd && !reader.ended) throw damagedArchive(options.archive, "is cut short");
    yield Buffer.alloc(2 * BLOCK);
    for await (const _ of bytes.remainder());
  } finally {
    await bytes.close();
  }
}

function shouldPass(entry: TarEntry, devices: Set<ByteText>, options: LayerFilterOptions): boolean {
  const path = pathInside(entry.name, entry.name, options.archive);
  const base = posix.basename(path);
  if (base.startsWith(WHITEOUT)) {
    note(path, base, entry, options);
    return false;
  }
  if (device.has(entry.type)) {
    devices.add(path);
    return false;
  }
  if (entry.type === "1" && devices.has(pathInside(entry.link, entry.name, options.archive))) return false;
  if (!kept.has(entry.type))
    throw damagedArchive(options.archive, `has "${readable(entry.name)}" of the unknown tar type "${entry.type}"`);
  return true;
}

function note(path: string, base: string, entry: TarEntry, { archive, hidden }: LayerFilterOptions): void {
  const directory = posix.dirname(path);
  const name = base.slice(WHITEOUT.length);
  if (base === OPAQUE) hidden.contents.push(directory);
  else if (name === "" || name === "." || name === "..") throw leadsOutside(archive, entry.name);
  else if (!base.startsWith(AUFS_NOTE)) hidden.paths.push(posix.join(directory, name));
}

/** The entry's data with its padding, read in any case, yielded if it `passes`. */
async function* data(entry: TarEntry, passes: boolean, bytes: StreamBytes, archive: string): AsyncGenerator<Buffer> {
  let missing = Math.ceil(entry.size / BLOCK) * BLOCK;
  for await (const piece of bytes.pieces(missing)) {
    missing -= piece.length;
    if (passes) yield piece;
  }
  if (missing > 0) throw damagedArchive(archive, `is cut short in the middle of "${readable(entry.name)}"`);
}

/** `path` from the layer's root, without a leading `/` and `.`. Throws for `..`, wherever it stands. */
function pathInside(path: ByteText, entry: ByteText, archive: string): ByteText {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const long = parts.find((part) => part.length > limits.name);
  if (long !== undefined)
    throw damagedArchive(archive, `has a name of ${long.length} bytes, and ${limits.name} is the most`);
  if (!parts.includes("..")) return parts.join("/") || ".";
  throw leadsOutside(archive, entry);
}

function leadsOutside(archive: string, name: ByteText): TsdError {
  const entry = readable(name);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_ENTRY_OUTSIDE",
    message: `${archive} has the entry "${entry}", which leads out of the image`,
    hint: "Do not trust this archive; an image never needs such an entry.",
    details: { archive, entry },
  });
}

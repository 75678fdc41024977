import { pipeline, Readable } from "node:stream";
import { filterExec } from "../../kernel/programs/pipe-exec.js";
import { damagedArchive } from "./damaged-archive.js";
import { StreamBytes } from "./stream-bytes.js";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

/** First bytes of each format, in hexadecimal: RFC 1952, RFC 8878 (frame and skippable frame), the xz and bzip2 formats. */
const MAGIC: readonly (readonly [Compression, RegExp])[] = [
  ["gzip", /^1f8b/],
  ["zstd", /^(?:28b52ffd|5[0-9a-f]2a4d18)/],
  ["xz", /^fd377a585a00/],
  ["bzip2", /^425a683[1-9]/],
];

/** Enough bytes for {@link detectCompression}. */
export const MAGIC_LENGTH = 6;

/** What the first bytes of a file say about it; undefined for an uncompressed one. */
export function detectCompression(head: Uint8Array): Compression | undefined {
  const hex = Buffer.from(head).toString("hex");
  return MAGIC.find(([, magic]) => magic.test(hex))?.[0];
}

/**
 * The bytes of `stream`, uncompressed if they were compressed. xz and bzip2 need the program of that name. Throws
 * `invalid-input` for damaged data; `archive` names it.
 */
export async function* decompress(stream: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Buffer> {
  const bytes = new StreamBytes(stream);
  try {
    const head = await bytes.read(MAGIC_LENGTH);
    const compression = detectCompression(head);
    const whole = prepend(head, bytes);
    if (compression === undefined) yield* whole;
    else if (compression === "gzip" || compression === "zstd") yield* inflate(whole, compression, archive);
    else yield* filterExec(compression, ["--decompress", "--stdout"], whole);
  } finally {
    await bytes.close();
  }
}

async function* prepend(head: Buffer, bytes: StreamBytes): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* bytes.remainder();
}

async function* inflate(
  stream: AsyncIterable<Buffer>,
  compression: "gzip" | "zstd",
  archive: string,
): AsyncGenerator<Buffer> {
  const zlib = await import("node:zlib");
  const inflater = compression === "gzip" ? zlib.createGunzip() : zlib.createZstdDecompress();
  // Errors of either side surface from the iteration below.
  pipeline(Readable.from(stream, { objectMode: false }), inflater, () => undefined);
  try {
    for await (const chunk of inflater) yield chunk as Buffer;
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw damagedArchive(archive, `is damaged: its ${compression} data cannot be read`, error);
  }
}

/** zlib's and zstd's own codes, `Z_DATA_ERROR`, `Z_BUF_ERROR`, `ZSTD_error_…`. */
function isDataError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && /^Z(?:STD)?_/.test(String(error.code));
}

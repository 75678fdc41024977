import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { ImageSource } from "../../api/image.js";
import { TsdError } from "../../errors/tsd-error.js";

/** An image source that was found to be readable. */
export interface ArchiveStream {
  /** What to call it in errors. */
  readonly name: string;
  /** Where it is a regular file: its path, and its length in bytes. */
  readonly file?: { readonly path: string; readonly total: number };
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Opens an image source. Reading reports its progress. Throws `not-found` or `invalid-input` for an unreadable file. */
export async function openArchiveStream(source: ImageSource): Promise<ArchiveStream> {
  const { from, onProgress } = source;
  if (typeof from !== "string")
    return { name: "the archive", stream: counted(from as AsyncIterable<Uint8Array>, onProgress, undefined) };
  const stats = await stat(from).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(from, error);
  });
  if (stats.isDirectory()) throw unreadable(from, { code: "EISDIR" });
  const total = stats.isFile() ? stats.size : undefined;
  const stream = counted(readFileInChunks(from), onProgress, total);
  return { name: from, stream, ...(total === undefined ? {} : { file: { path: from, total } }) };
}

/** Opens the file with the first chunk that is asked for, so that a stream nobody reads holds nothing open. */
async function* readFileInChunks(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: 1 << 18 });
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  onProgress: ImageSource["onProgress"],
  total: number | undefined,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  onProgress?.(done, total);
  for await (const chunk of stream) {
    yield chunk;
    done += chunk.length;
    onProgress?.(done, total);
  }
}

function unreadable(path: string, error: Pick<NodeJS.ErrnoException, "code">): TsdError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    ENOTDIR: "does not exist",
    EISDIR: "is a directory",
    EACCES: "may not be read",
  };
  return new TsdError({
    kind: error.code === "ENOENT" || error.code === "ENOTDIR" ? "not-found" : "invalid-input",
    code: "TSD_IMAGE_ARCHIVE_UNREADABLE",
    message: `${path} ${reasons[error.code ?? ""] ?? `cannot be read (${error.code})`}`,
    hint: "Give the path of a tar archive, or - for standard input.",
    details: { path },
    cause: error,
  });
}

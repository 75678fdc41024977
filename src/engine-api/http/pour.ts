import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

type Chunks = AsyncIterable<Uint8Array | string>;

/** Writes all chunks at the pace of their reader, and ends the stream. Returns as well where the reader goes before. */
export async function pour(chunks: Chunks, output: Writable, left: AbortSignal): Promise<void> {
  try {
    await pipeline(chunks, output);
  } catch (error) {
    if (!left.aborted) throw error;
  } finally {
    await close(chunks);
  }
}

/** A pipeline leaves its source open where the reader has gone before it begins. */
async function close(chunks: Chunks): Promise<void> {
  if (chunks instanceof Readable) chunks.destroy();
  else await (chunks as Partial<AsyncGenerator>).return?.(undefined);
}

/** The same chunks once the first is there: what fails before it can still have a status of its own. */
export async function begun<T>(chunks: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

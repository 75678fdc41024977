import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes all chunks at the pace of their reader, and ends the stream. Returns as well where the reader goes before. */
export async function pour(
  chunks: AsyncIterable<Uint8Array | string>,
  output: Writable,
  left: AbortSignal,
): Promise<void> {
  try {
    await pipeline(chunks, output);
  } catch (error) {
    if (!left.aborted) throw error;
  }
}

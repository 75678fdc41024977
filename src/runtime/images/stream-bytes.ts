import type { ByteSource } from "./tar-reader.js";

/** A stream of chunks, read in pieces of any size and without copying where one chunk holds the piece. */
export class StreamBytes implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  /** `onTake` sees each piece as it is taken, in order. */
  constructor(
    stream: AsyncIterable<Uint8Array>,
    private readonly onTake?: (piece: Buffer) => void,
  ) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async read(size: number): Promise<Buffer> {
    if (this.#rest.length >= size) return this.#take(size);
    let missing = size - this.#rest.length;
    const parts = [this.#take(this.#rest.length)];
    while (missing > 0 && (await this.#fill())) {
      const part = this.#take(Math.min(missing, this.#rest.length));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** The next `size` bytes in the pieces in which they come; fewer only at the end. */
  async *pieces(size: number): AsyncGenerator<Buffer> {
    for (let missing = size; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#fill())) return;
      const piece = this.#take(Math.min(missing, this.#rest.length));
      missing -= piece.length;
      yield piece;
    }
  }

  /** Everything that is left. */
  async *remainder(): AsyncGenerator<Buffer> {
    yield* this.pieces(Number.POSITIVE_INFINITY);
  }

  /** Ends the stream early, so that what it holds open is closed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(size: number): Buffer {
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    this.onTake?.(taken);
    return taken;
  }

  /** Waits for a chunk that is not empty; false at the end. */
  async #fill(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (this.#rest.length > 0) return true;
    }
  }
}

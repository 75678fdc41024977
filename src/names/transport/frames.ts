/** A message as it goes over TCP, behind its length (RFC 1035 §4.2.2); in one write (RFC 7766 §8). */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}

/** Finds messages in what comes over TCP, in whatever pieces. */
export class FrameReader {
  readonly #longest: number;
  #rest: Buffer = Buffer.alloc(0);

  /** `longest` is in octets, of one message. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** What comes is longer than a message may be. */
  get isTooLong(): boolean {
    return this.#rest.length >= 2 && this.#rest.readUInt16BE(0) > this.#longest;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** The next whole message; undefined until there is one. */
  next(): Buffer | undefined {
    if (this.#rest.length < 2 || this.isTooLong) return undefined;
    const end = 2 + this.#rest.readUInt16BE(0);
    if (this.#rest.length < end) return undefined;
    const message = this.#rest.subarray(2, end);
    this.#rest = this.#rest.subarray(end);
    return message;
  }
}

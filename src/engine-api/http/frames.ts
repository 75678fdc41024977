import { Writable } from "node:stream";

/** The first byte of a frame. */
export type FrameKind = 1 | 2;

/** Bytes of a frame's head: kind, three zeros, length of what follows (Engine API, "Stream format" of ContainerAttach). */
const HEAD = 8;

/** Writes frames of one kind to a stream that several share. A write is done once the shared stream has taken it. */
export class Frames extends Writable {
  constructor(
    private readonly target: Writable,
    private readonly kind: FrameKind,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.target.write(frame(this.kind, chunk), done);
  }
}

/** Bytes as they are, to a stream that others write to as well and that goes on behind this one. */
export class Unframed extends Writable {
  constructor(private readonly target: Writable) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.target.write(chunk, done);
  }
}

export function frame(kind: FrameKind, bytes: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(HEAD + bytes.length);
  framed.fill(0, 0, 4);
  framed[0] = kind;
  framed.writeUInt32BE(bytes.length, 4);
  framed.set(bytes, HEAD);
  return framed;
}

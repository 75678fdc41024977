import { createReadStream, createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ByteText } from "./byte-text.js";
import { StreamBytes } from "./stream-bytes.js";

/**
 * All of a layer's archive but the contents of its regular files, which are kept unpacked. With both, the archive can be written
 * again byte for byte, so that an image that is saved has the same id. (docker does likewise, by vbatts/tar-split.)
 *
 * A frame is gzipped records: a kind, a 32-bit length, and that many bytes. A literal stands for itself. A file is 8 bytes of
 * size and a path, and stands for that many bytes of the file there.
 */
const LITERAL = 0;
const FILE = 1;
const HEAD = 5;

/** Bytes of literals beyond which a layer is not worth a frame: none of files has so many headers. */
const LITERALS_MAX = 1 << 29;
/** Literals are gathered into records of about this size. */
const RECORD = 1 << 16;

/** Takes a layer's archive in the pieces in which it is read, and writes its frame. */
export class FrameWriter {
  #pending: Buffer[] = [];
  #size = 0;
  #literals = 0;
  /** Bytes to come that are a file's. */
  #inFile = 0;

  private constructor(
    private readonly gzip: Writable,
    private readonly written: Promise<void>,
  ) {}

  static async create(path: string): Promise<FrameWriter> {
    const { createGzip } = await import("node:zlib");
    const gzip = createGzip({ level: 1 });
    const file = gzip.pipe(createWriteStream(path, { mode: 0o600 }));
    const written = finished(file);
    // Seen where the frame is finished, and no sooner.
    written.catch(() => undefined);
    return new FrameWriter(gzip, written);
  }

  /** The next `size` bytes are those of the regular file at `path`. */
  file(path: ByteText, size: number): void {
    if (size === 0) return;
    this.#flush();
    const name = Buffer.from(path, "latin1");
    const head = Buffer.alloc(8);
    head.writeBigUInt64BE(BigInt(size));
    this.#record(FILE, Buffer.concat([head, name]));
    this.#inFile = size;
  }

  take(piece: Buffer): void {
    const ofFile = Math.min(this.#inFile, piece.length);
    this.#inFile -= ofFile;
    if (ofFile === piece.length) return;
    const literal = piece.subarray(ofFile);
    this.#literals += literal.length;
    if (this.#literals > LITERALS_MAX) return;
    this.#pending.push(literal);
    this.#size += literal.length;
    if (this.#size >= RECORD) this.#flush();
  }

  /** Waits until memory holds little of the frame. */
  async drain(): Promise<void> {
    if (this.gzip.writableNeedDrain) await new Promise<void>((resolve) => this.gzip.once("drain", resolve));
  }

  /** Returns whether the frame is whole: one of too many headers is not. */
  async finish(): Promise<boolean> {
    this.#flush();
    this.gzip.end();
    await this.written;
    return this.#literals <= LITERALS_MAX;
  }

  /** Ends without a frame. */
  abandon(): void {
    this.gzip.destroy();
  }

  #flush(): void {
    if (this.#size > 0) this.#record(LITERAL, Buffer.concat(this.#pending));
    this.#pending = [];
    this.#size = 0;
  }

  #record(kind: number, body: Buffer): void {
    const head = Buffer.alloc(HEAD);
    head.writeUInt8(kind);
    head.writeUInt32BE(body.length, 1);
    this.gzip.write(head);
    this.gzip.write(body);
  }
}

/** The archive again. `read` yields the bytes of a regular file of the unpacked layer. */
export async function* joinFrame(
  path: string,
  read: (path: ByteText, size: number) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const { createGunzip } = await import("node:zlib");
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  const bytes = new StreamBytes(file.pipe(gunzip));
  try {
    for (let head = await bytes.read(HEAD); head.length === HEAD; head = await bytes.read(HEAD)) {
      const body = await bytes.read(head.readUInt32BE(1));
      if (head.readUInt8() === LITERAL) yield body;
      else yield* read(body.toString("latin1", 8), Number(body.readBigUInt64BE()));
    }
  } finally {
    await bytes.close();
    file.destroy();
  }
}

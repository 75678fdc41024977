import { type FileHandle, open } from "node:fs/promises";
import { posix } from "node:path";
import type { ImageSource, Progress } from "../../api/image.js";
import { openUnnamedFile } from "../../kernel/files/unnamed-file.js";
import { openArchiveStream } from "./archive-stream.js";
import { type ByteText, byteText } from "./byte-text.js";
import { damagedArchive } from "./damaged-archive.js";
import { decompress, detectCompression, MAGIC_LENGTH } from "./decompress.js";
import { limits, tooMany } from "./limits.js";
import { BLOCK } from "./tar-header.js";
import { type ByteSource, TarReader } from "./tar-reader.js";

const CHUNK = 1 << 18;

interface Member {
  readonly start: number;
  readonly size: number;
}

/** A tar archive whose members can be read in any order. */
export class ImageArchive implements AsyncDisposable {
  /** What to call the archive in errors. */
  readonly name: string;
  readonly #file: FileHandle;
  readonly #members: ReadonlyMap<ByteText, Member>;
  readonly #onRead: (bytes: number) => void;
  /** Bytes of documents so far. */
  #documents = 0;

  private constructor(
    name: string,
    file: FileHandle,
    members: ReadonlyMap<ByteText, Member>,
    onRead: (n: number) => void,
  ) {
    this.name = name;
    this.#file = file;
    this.#members = members;
    this.#onRead = onRead;
  }

  /**
   * Opens an image source. What is compressed or no regular file is first written, uncompressed, to a nameless file on
   * the file system of `directory`, and progress is that of this step. Throws `not-found` or `invalid-input`.
   */
  static async open(source: ImageSource, directory: string): Promise<ImageArchive> {
    const { name, file: given, stream } = await openArchiveStream(source);
    const plain = given !== undefined && (await isPlain(given.path)) ? given : undefined;
    const file = plain === undefined ? await openUnnamedFile(directory) : await open(plain.path, "r");
    try {
      if (plain === undefined) await file.writeFile(decompress(stream, name));
      const onRead = plain === undefined ? () => undefined : counter(source.onProgress, plain.total);
      return new ImageArchive(name, file, await readIndex(file, name), onRead);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(member: string): boolean {
    return this.#members.has(memberKey(member));
  }

  /** A small member in full. Throws `invalid-input` where it is missing or too large to be a document. */
  async document(member: string): Promise<Buffer> {
    const { size } = this.#member(member);
    if (size > limits.document)
      throw damagedArchive(this.name, `has ${size} bytes of "${member}", more than can be right`);
    this.#documents += size;
    if (this.#documents > limits.documents)
      throw tooMany(this.name, "bytes of JSON documents", this.#documents, limits.documents);
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(member)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *stream(member: string): AsyncGenerator<Buffer> {
    const { start, size } = this.#member(member);
    for (let at = 0; at < size; ) {
      const { buffer, bytesRead } = await this.#file.read(
        Buffer.allocUnsafe(Math.min(CHUNK, size - at)),
        0,
        undefined,
        start + at,
      );
      if (bytesRead === 0) throw damagedArchive(this.name, `is cut short in the middle of "${member}"`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
      this.#onRead(bytesRead);
    }
  }

  /** Reports the progress of a reader that needed no more: all is done. */
  finish(): void {
    this.#onRead(Number.POSITIVE_INFINITY);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  #member(name: string): Member {
    const member = this.#members.get(memberKey(name));
    if (member === undefined) throw damagedArchive(this.name, `lacks "${name}", which its manifest names`);
    return member;
  }
}

/** JSON names members by texts, tar by bytes. */
function memberKey(name: string): ByteText {
  return posix.normalize(byteText(name));
}

async function isPlain(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_LENGTH), 0, MAGIC_LENGTH, 0);
    return detectCompression(buffer.subarray(0, bytesRead)) === undefined;
  } finally {
    await file.close();
  }
}

/** Where each file of the archive lies. Links, by which old archives share layers, count as what they point at. */
async function readIndex(file: FileHandle, archive: string): Promise<ReadonlyMap<ByteText, Member>> {
  const position = { at: 0 };
  const bytes: ByteSource = {
    read: async (size) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, position.at);
      position.at += bytesRead;
      return buffer.subarray(0, bytesRead);
    },
  };
  const reader = new TarReader(bytes, archive);
  const members = new Map<ByteText, Member>();
  const links = new Map<ByteText, ByteText>();
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    const name = posix.normalize(entry.name);
    if (entry.type === "0") members.set(name, { start: position.at, size: entry.size });
    if (entry.type === "1") links.set(name, posix.normalize(entry.link));
    if (entry.type === "2") links.set(name, posix.join(posix.dirname(name), entry.link));
    if (members.size + links.size > limits.members)
      throw tooMany(archive, "members", members.size + links.size, limits.members);
    position.at += Math.ceil(entry.size / BLOCK) * BLOCK;
  }
  for (const [name, target] of links) {
    const member = members.get(target);
    if (member !== undefined) members.set(name, member);
  }
  return members;
}

function counter(onProgress: Progress | undefined, total: number): (bytes: number) => void {
  let done = 0;
  return (bytes) => {
    done = Math.min(done + bytes, total);
    onProgress?.(done, total);
  };
}

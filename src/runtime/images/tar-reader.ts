import { type ByteText, readable } from "./byte-text.js";
import { damagedArchive } from "./damaged-archive.js";
import { limits } from "./limits.js";
import { BLOCK, decodeHeader, decodePax, readText, SPARSE_CONTINUED, type TarHeader } from "./tar-header.js";

/** Bytes read in order. */
export interface ByteSource {
  /** The next `size` bytes; fewer only at the end. */
  read(size: number): Promise<Buffer>;
}

/** A member of a tar archive, with the names that its extension headers give it. */
export interface TarEntry {
  readonly name: ByteText;
  /** What a symbolic or hard link names; else empty. */
  readonly link: ByteText;
  readonly type: string;
  /** Bytes of data, which follow the entry and are the caller's to read, padded to whole blocks. */
  readonly size: number;
  /** The header as it stood in the archive, extensions of this one entry included. */
  readonly header: readonly Buffer[];
}

/** What extension headers say in place of a header. */
interface Overrides {
  name?: ByteText;
  link?: ByteText;
  size?: number;
}

/** Largest extension of a header that is believed: a name, a set of attributes, a map of a sparse file. */
const EXTENSION_MAX = 1 << 20;

/** Largest size that is believed, 1 PiB; offsets beyond it stay exact numbers. */
const SIZE_MAX = 2 ** 50;

const headerOnly = new Set(["1", "2", "3", "4", "5", "6"]);

/** Reads the headers of a tar archive: POSIX, GNU and old ones. Global extended headers are skipped. */
export class TarReader {
  readonly #bytes: ByteSource;
  readonly #archive: string;
  #blocks = 0;
  #ended = false;

  /** `archive` names it in errors. */
  constructor(bytes: ByteSource, archive: string) {
    this.#bytes = bytes;
    this.#archive = archive;
  }

  /** True once a block of zeros, which ends an archive, was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The next entry; undefined at the end. Throws `invalid-input` for what is no tar archive, or a damaged one. */
  async next(): Promise<TarEntry | undefined> {
    const header: Buffer[] = [];
    const extensions = new Set<string>();
    const names: Overrides = {};
    for (;;) {
      const block = await this.#block(header.length > 0);
      if (block === undefined) return undefined;
      const decoded = this.#decode(block);
      if (decoded.type === "g") {
        await this.#extension(decoded);
        continue;
      }
      header.push(block);
      if (decoded.type !== "x" && decoded.type !== "L" && decoded.type !== "K")
        return this.#entry(decoded, names, header);
      // Of two of a kind tar takes the last as a whole, other readers some of each: one archive would be two.
      if (extensions.has(decoded.type)) throw this.#damaged("is damaged: an entry has two extended headers");
      extensions.add(decoded.type);
      const body = await this.#extension(decoded);
      header.push(body);
      if (decoded.type === "L") names.name ??= readText(body);
      else if (decoded.type === "K") names.link ??= readText(body);
      else Object.assign(names, this.#pax(body.subarray(0, decoded.size)));
    }
  }

  async #entry(header: TarHeader, names: Overrides, blocks: Buffer[]): Promise<TarEntry> {
    for (let more = header.continued; more; ) {
      const block = await this.#block(true);
      if (block === undefined) throw this.#damaged("is cut short");
      blocks.push(block);
      if (blocks.length * BLOCK > EXTENSION_MAX) throw this.#damaged("has a longer header than any file needs");
      more = block[SPARSE_CONTINUED] !== 0;
    }
    const entry = {
      name: names.name ?? header.name,
      link: names.link ?? header.link,
      type: header.type === "7" ? "0" : header.type,
      size: names.size ?? header.size,
      header: blocks,
    };
    if (entry.name.length > limits.path) throw this.#damaged(`has a name of ${entry.name.length} bytes`);
    if (entry.size > SIZE_MAX)
      throw this.#damaged(`has ${entry.size} bytes of "${readable(entry.name)}", more than can be right`);
    if (headerOnly.has(entry.type) && entry.size > 0)
      throw this.#damaged(`has data for "${readable(entry.name)}", which can have none`);
    return entry;
  }

  /** One block, or undefined at the end, which must not come `within` an entry. */
  async #block(within: boolean): Promise<Buffer | undefined> {
    const block = await this.#bytes.read(BLOCK);
    if (block.length < BLOCK) {
      if (block.length === 0 && !within && this.#blocks > 0) return undefined;
      throw this.#damaged(this.#blocks === 0 ? "is not a tar archive" : "is cut short");
    }
    this.#blocks += 1;
    if (block.some((byte) => byte !== 0)) return block;
    if (within) throw this.#damaged("is damaged: a header is missing");
    this.#ended = true;
    return undefined;
  }

  #decode(block: Buffer): TarHeader {
    const header = decodeHeader(block);
    if (header === undefined)
      throw this.#damaged(this.#blocks === 1 ? "is not a tar archive" : "is damaged: a header has a wrong checksum");
    return header;
  }

  /** The body of an extension header with its padding. */
  async #extension(header: TarHeader): Promise<Buffer> {
    if (header.size > EXTENSION_MAX)
      throw this.#damaged(`has a header of ${header.size} bytes, more than any name needs`);
    const padded = Math.ceil(header.size / BLOCK) * BLOCK;
    const body = await this.#bytes.read(padded);
    if (body.length < padded) throw this.#damaged("is cut short");
    return body;
  }

  #pax(body: Buffer): Overrides {
    const records = decodePax(body);
    if (records === undefined) throw this.#damaged("is damaged: an extended header is malformed");
    const name = records.get("GNU.sparse.name") ?? records.get("path");
    const link = records.get("linkpath");
    const size = records.get("size");
    if (size !== undefined && !(/^[0-9]+$/.test(size) && Number.isSafeInteger(Number(size))))
      throw this.#damaged(`is damaged: an entry has the size "${readable(size)}"`);
    return {
      ...(name === undefined ? {} : { name }),
      ...(link === undefined ? {} : { link }),
      ...(size === undefined ? {} : { size: Number(size) }),
    };
  }

  #damaged(why: string): Error {
    return damagedArchive(this.#archive, why);
  }
}

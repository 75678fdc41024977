import type { ByteText } from "./byte-text.js";

/** Bytes of a tar block: headers are one, and data is padded to whole ones. */
export const BLOCK = 512;

/**
 * One header block, decoded (`tar(5)`: v7, POSIX ustar and the GNU variant). Names have not yet been replaced by those
 * of an extension before it.
 */
export interface TarHeader {
  readonly name: ByteText;
  readonly link: ByteText;
  /** The type flag, a character; a v7 file's NUL counts as `0`. */
  readonly type: string;
  /** Bytes of data that follow, without padding. */
  readonly size: number;
  /** An old GNU sparse header goes on in the next block. */
  readonly continued: boolean;
}

const FIELD = {
  name: [0, 100],
  size: [124, 136],
  checksum: [148, 156],
  type: 156,
  link: [157, 257],
  magic: [257, 263],
  prefix: [345, 500],
  sparseContinued: 482,
} as const;

/** `isextended` of an old GNU sparse continuation block. */
export const SPARSE_CONTINUED = 504;

/** A ustar header for a file of root's that all may read. `name` is ASCII, and at most 100 characters long. */
export function encodeHeader(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, FIELD.name[0], "latin1");
  block.write("0000644\0" + "0000000\0" + "0000000\0", 100, "latin1");
  // Eleven octal digits end at 8 GiB; beyond it GNU's numbers in base 256.
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, "0")}\0`, FIELD.size[0], "latin1");
  else {
    block.writeUInt8(0x80, FIELD.size[0]);
    block.writeBigUInt64BE(BigInt(size), FIELD.size[1] - 8);
  }
  block.write("00000000000\0", 136, "latin1");
  block.write("        0", FIELD.checksum[0], "latin1");
  block.write("ustar\u000000", FIELD.magic[0], "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, FIELD.checksum[0], "latin1");
  return block;
}

/** Decodes a header block; undefined for one whose checksum or numbers are wrong. */
export function decodeHeader(block: Buffer): TarHeader | undefined {
  const size = readNumber(block.subarray(...FIELD.size));
  if (!hasValidChecksum(block) || size === undefined) return undefined;
  const type = block[FIELD.type] === 0 ? "0" : String.fromCharCode(block[FIELD.type] ?? 0);
  const prefix =
    block.toString("latin1", ...FIELD.magic) === "ustar\0" ? readText(block.subarray(...FIELD.prefix)) : "";
  const name = readText(block.subarray(...FIELD.name));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: readText(block.subarray(...FIELD.link)),
    type,
    size,
    continued: type === "S" && block[FIELD.sparseContinued] !== 0,
  };
}

/** Text up to the first NUL. */
export function readText(field: Buffer): ByteText {
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end < 0 ? field.length : end);
}

/** Octal text, or base 256 where the first bit is set (GNU). Undefined if neither, negative, or beyond exact integers. */
function readNumber(field: Buffer): number | undefined {
  const first = field[0] ?? 0;
  if (first >= 0x80) {
    if (first !== 0x80) return undefined;
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = readText(field).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || "0", 8) : undefined;
}

/** Old programs summed signed bytes; both sums are accepted, as by every reader. */
function hasValidChecksum(block: Buffer): boolean {
  const [start, end] = FIELD.checksum;
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK; at++) {
    const byte = at >= start && at < end ? 0x20 : (block[at] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const stored = readNumber(block.subarray(start, end));
  return stored === unsigned || stored === signed;
}

/**
 * The records of a POSIX extended header (`pax(1)`): `LENGTH KEY=VALUE\n`, LENGTH counting its own digits. Undefined for
 * malformed ones.
 */
export function decodePax(body: Buffer): ReadonlyMap<string, ByteText> | undefined {
  const records = new Map<string, ByteText>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const digits = space < 0 ? "" : body.toString("latin1", at, space);
    const length = /^[1-9]\d*$/.test(digits) ? Number(digits) : Number.NaN;
    const equals = body.indexOf(0x3d, space);
    const end = at + length;
    if (!Number.isInteger(length) || end > body.length || equals < 0 || equals >= end || body[end - 1] !== 0x0a)
      return undefined;
    records.set(body.toString("latin1", space + 1, equals), body.toString("latin1", equals + 1, end - 1));
    at = end;
  }
  return records;
}

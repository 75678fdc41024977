import type { ByteText } from "../images/byte-text.js";
import { BLOCK, decodePax, readText } from "../images/tar-header.js";
import type { TarEntry } from "../images/tar-reader.js";

/** Where data of a file with holes lies. */
export interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** What an archive says of a member beside its name. */
export interface EntryFacts {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch. */
  readonly modified: number;
  /** Extended attributes, by name. */
  readonly attributes: ReadonlyMap<string, Buffer>;
  /** Of a file with holes. */
  readonly sparse?: SparseForm;
}

/** How an archive writes a file with holes (GNU tar manual, "Storing Sparse Files"). */
type SparseForm =
  /** The map stands before the data. */
  | { readonly map: "before the data"; readonly size: number }
  | { readonly map: readonly Extent[]; readonly size: number }
  | { readonly map: "in a form that tsd does not read" };

const FIELD = { mode: [100, 108], uid: [108, 116], gid: [116, 124], modified: [136, 148] } as const;
/** Offsets of the old GNU form: the map, and the size of the file. */
const SPARSE = { map: 386, entries: 4, size: [483, 495], more: 21 } as const;

/** Decodes what the headers of a member say. A field that makes no sense counts as 0. */
export function factsOf(entry: TarEntry): EntryFacts {
  const { main, records, rest } = headersOf(entry);
  const number = (field: keyof typeof FIELD): number => readNumber(main.subarray(...FIELD[field]));
  const given = (key: string): number | undefined => {
    const value = Number(records.get(key));
    return records.has(key) && Number.isFinite(value) ? value : undefined;
  };
  const sparse = entry.type === "S" ? oldSparse(main, rest) : paxSparse(records);
  return {
    mode: number("mode") & 0o7777,
    uid: given("uid") ?? number("uid"),
    gid: given("gid") ?? number("gid"),
    modified: given("mtime") ?? number("modified"),
    attributes: attributesOf(records),
    ...(sparse === undefined ? {} : { sparse }),
  };
}

/** The member's own header, its extended records, and the blocks that go on with its map. */
function headersOf({ header, type }: TarEntry) {
  const at = type === "S" ? header.findIndex((block) => isHeader(block, "S")) : header.length - 1;
  const main = header[at] ?? Buffer.alloc(BLOCK);
  const pax = header.findIndex((block, index) => index < at && isHeader(block, "x"));
  const size = pax < 0 ? 0 : readNumber((header[pax] as Buffer).subarray(124, 136));
  const records = pax < 0 ? undefined : decodePax((header[pax + 1] ?? Buffer.alloc(0)).subarray(0, size));
  return { main, records: records ?? new Map<string, ByteText>(), rest: header.slice(at + 1) };
}

function isHeader(block: Buffer, type: string): boolean {
  return block.length === BLOCK && String.fromCharCode(block[156] ?? 0) === type;
}

function readNumber(field: Buffer): number {
  if ((field[0] ?? 0) >= 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  const number = Number.parseInt(readText(field).trim() || "0", 8);
  return Number.isSafeInteger(number) ? number : 0;
}

/** Only those that tsd's own archives have: others could change what a security module or overlayfs makes of a file. */
function attributesOf(records: ReadonlyMap<string, ByteText>): ReadonlyMap<string, Buffer> {
  const prefix = "SCHILY.xattr.";
  const found = [...records].flatMap(([key, value]) => {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : "";
    const isMeant = name === "security.capability" || name.startsWith("user.");
    return isMeant ? [[name, Buffer.from(value, "latin1")] as const] : [];
  });
  return new Map(found);
}

function paxSparse(records: ReadonlyMap<string, ByteText>): SparseForm | undefined {
  const size = Number(records.get("GNU.sparse.realsize"));
  if (records.get("GNU.sparse.major") === "1" && Number.isSafeInteger(size)) return { map: "before the data", size };
  const isOther = [...records.keys()].some((key) => key.startsWith("GNU.sparse."));
  return isOther ? { map: "in a form that tsd does not read" } : undefined;
}

function oldSparse(main: Buffer, rest: readonly Buffer[]): SparseForm {
  const first = extents(main.subarray(SPARSE.map), SPARSE.entries);
  const more = rest.flatMap((block) => extents(block, SPARSE.more));
  return { map: [...first, ...more], size: readNumber(main.subarray(...SPARSE.size)) };
}

function extents(bytes: Buffer, count: number): readonly Extent[] {
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * 24, index * 24 + 24))
    .filter((field) => field.length === 24 && field[0] !== 0)
    .map((field) => ({ offset: readNumber(field.subarray(0, 12)), size: readNumber(field.subarray(12, 24)) }));
}

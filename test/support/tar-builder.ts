import { createHash } from "node:crypto";

/** A member of an archive to build. Anything may be wrong: that is the point. */
export interface TarMember {
  readonly name: string;
  /** Default `0`, a file. */
  readonly type?: string;
  readonly data?: string | Buffer;
  /** What a link names. */
  readonly link?: string;
  /** Default 0644, and 0755 for directories. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Device numbers. */
  readonly major?: number;
  readonly minor?: number;
  /** Records of a pax extended header before the member, in text or bytes. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
  /** In place of `ustar\x0000`. */
  readonly magic?: string;
  /** The byte that says whether an old GNU sparse header goes on. */
  readonly continued?: number;
  /** Write a GNU `L` header for the name. */
  readonly gnuLongName?: boolean;
}

const BLOCK = 512;

/** A tar archive, byte by byte after POSIX.1-2001 ustar, ended by two blocks of zeros. */
export function buildTar(members: readonly TarMember[]): Buffer {
  return Buffer.concat([...members.map(buildMember), Buffer.alloc(2 * BLOCK)]);
}

/** One member without the archive's end. */
export function buildMember(member: TarMember): Buffer {
  const data = Buffer.from(member.data ?? "");
  const parts = [];
  if (member.pax !== undefined) parts.push(block({ name: "pax", type: "x" }, paxBody(member.pax)));
  if (member.gnuLongName === true)
    parts.push(block({ name: "././@LongLink", type: "L" }, Buffer.from(`${member.name}\0`)));
  parts.push(block(member, data));
  return Buffer.concat(parts);
}

/** `sha256:` and the hex digest, as images write it. */
export function digestOf(data: Buffer): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

function block(member: TarMember, data: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  const type = member.type ?? "0";
  const octal = (value: number, at: number, digits: number): number =>
    header.write(`${value.toString(8).padStart(digits, "0")}\0`, at);
  header.write(member.name.slice(0, 100), 0);
  octal(member.mode ?? (type === "5" ? 0o755 : 0o644), 100, 7);
  octal(member.uid ?? 0, 108, 7);
  octal(member.gid ?? 0, 116, 7);
  octal(data.length, 124, 11);
  octal(1_700_000_000, 136, 11);
  header.write("        ", 148);
  header.write(type, 156, "latin1");
  header.write((member.link ?? "").slice(0, 100), 157);
  header.write(member.magic ?? "ustar\x0000", 257);
  octal(member.major ?? 0, 329, 7);
  octal(member.minor ?? 0, 337, 7);
  if (member.continued !== undefined) header[482] = member.continued;
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  return Buffer.concat([header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

function paxBody(records: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, Buffer.from(value))));
}

/** The length at a record's start counts its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

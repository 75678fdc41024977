import { ATTRIBUTE_HEADER_LENGTH, align, NLA_TYPE_MASK } from "./protocol.js";

/** Where a value is. Most are never read, and a Buffer for each would cost more than all else. */
interface Entry {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The attributes in a stretch of a netlink message. Lengths are checked: a malformed tail ends the list, and a value too
 * short for the type asked for counts as absent, so that no reader ever throws on what it was sent.
 */
export class Attributes {
  private constructor(
    private readonly message: Buffer,
    private readonly entries: readonly Entry[],
  ) {}

  /** Reads the attributes of `bytes` from `offset` on. */
  static decode(bytes: Buffer, offset = 0): Attributes {
    const entries: Entry[] = [];
    let at = offset;
    while (at + ATTRIBUTE_HEADER_LENGTH <= bytes.length) {
      const length = bytes.readUInt16LE(at);
      if (length < ATTRIBUTE_HEADER_LENGTH || at + length > bytes.length) break;
      const type = bytes.readUInt16LE(at + 2) & NLA_TYPE_MASK;
      entries.push({ type, start: at + ATTRIBUTE_HEADER_LENGTH, end: at + length });
      at += align(length);
    }
    return new Attributes(bytes, entries);
  }

  bytes(type: number): Buffer | undefined {
    const entry = this.entries.find((candidate) => candidate.type === type);
    return entry && this.message.subarray(entry.start, entry.end);
  }

  /** Up to the first NUL. */
  string(type: number): string | undefined {
    const value = this.bytes(type);
    if (value === undefined) return undefined;
    const end = value.indexOf(0);
    return value.toString("utf8", 0, end < 0 ? value.length : end);
  }

  u8(type: number): number | undefined {
    const at = this.startOf(type, 1);
    return at && this.message.readUInt8(at);
  }

  u16(type: number): number | undefined {
    const at = this.startOf(type, 2);
    return at && this.message.readUInt16LE(at);
  }

  u32(type: number): number | undefined {
    const at = this.startOf(type, 4);
    return at && this.message.readUInt32LE(at);
  }

  u32be(type: number): number | undefined {
    const at = this.startOf(type, 4);
    return at && this.message.readUInt32BE(at);
  }

  /** The attributes inside an attribute, after a fixed header of `offset` bytes; empty where it is absent. */
  nested(type: number, offset = 0): Attributes {
    return Attributes.decode(this.bytes(type) ?? Buffer.alloc(0), offset);
  }

  /** Every attribute in order, for lists that repeat one type (NFTA_LIST_ELEM). */
  all(): readonly (readonly [type: number, value: Buffer])[] {
    return this.entries.map(({ type, start, end }) => [type, this.message.subarray(start, end)]);
  }

  /** Where the value begins, behind its header; undefined for one that has fewer than `length` bytes. */
  private startOf(type: number, length: number): number | undefined {
    const entry = this.entries.find((candidate) => candidate.type === type);
    return entry === undefined || entry.end - entry.start < length ? undefined : entry.start;
  }
}

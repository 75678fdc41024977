import { ATTRIBUTE_HEADER_LENGTH, align, NLA_TYPE_MASK } from "./protocol.js";

/**
 * The attributes in a stretch of a netlink message. Lengths are checked: a malformed tail ends the list, and a value too
 * short for the type asked for counts as absent, so that no reader ever throws on what it was sent.
 */
export class Attributes {
  private constructor(private readonly entries: readonly (readonly [type: number, value: Buffer])[]) {}

  /** Reads the attributes of `bytes` from `offset` on. */
  static decode(bytes: Buffer, offset = 0): Attributes {
    const entries: (readonly [number, Buffer])[] = [];
    let at = offset;
    while (at + ATTRIBUTE_HEADER_LENGTH <= bytes.length) {
      const length = bytes.readUInt16LE(at);
      if (length < ATTRIBUTE_HEADER_LENGTH || at + length > bytes.length) break;
      const type = bytes.readUInt16LE(at + 2) & NLA_TYPE_MASK;
      entries.push([type, bytes.subarray(at + ATTRIBUTE_HEADER_LENGTH, at + length)]);
      at += align(length);
    }
    return new Attributes(entries);
  }

  bytes(type: number): Buffer | undefined {
    return this.entries.find(([candidate]) => candidate === type)?.[1];
  }

  /** Up to the first NUL. */
  string(type: number): string | undefined {
    const value = this.bytes(type);
    if (value === undefined) return undefined;
    const end = value.indexOf(0);
    return value.toString("utf8", 0, end < 0 ? value.length : end);
  }

  u8(type: number): number | undefined {
    const value = this.bytes(type);
    return value === undefined || value.length < 1 ? undefined : value.readUInt8();
  }

  u32(type: number): number | undefined {
    const value = this.bytes(type);
    return value === undefined || value.length < 4 ? undefined : value.readUInt32LE();
  }

  u32be(type: number): number | undefined {
    const value = this.bytes(type);
    return value === undefined || value.length < 4 ? undefined : value.readUInt32BE();
  }

  /** The attributes inside an attribute, after a fixed header of `offset` bytes; empty where it is absent. */
  nested(type: number, offset = 0): Attributes {
    return Attributes.decode(this.bytes(type) ?? Buffer.alloc(0), offset);
  }

  /** Every attribute in order, for lists that repeat one type (NFTA_LIST_ELEM). */
  all(): readonly (readonly [type: number, value: Buffer])[] {
    return this.entries;
  }
}

import { ATTRIBUTE_HEADER_LENGTH, align, NLA_F_NESTED, NLM_F_REQUEST, NLMSG_HEADER_LENGTH } from "./protocol.js";

/** `nla_len` is a u16. */
const MAX_ATTRIBUTE = 0xffff;
const INITIAL_CAPACITY = 2048;

export interface AttributeOptions {
  /** Set NLA_F_NESTED in the type, which nf_tables wants and old rtnetlink attributes must not have. */
  readonly flagged?: boolean;
}

/**
 * Netlink messages on their way into one send, written one after the other into one growing buffer. Attributes belong
 * to the latest message begun. Integers are in the byte order of the CPU, which is little-endian wherever Node runs on
 * Linux, except in the `…be` verbs. Layout: netlink(7), <linux/netlink.h>.
 */
export class MessageBatch {
  private buffer = Buffer.alloc(INITIAL_CAPACITY);
  private end = 0;
  private readonly starts: number[] = [];

  /** Messages begun so far; hence the index that the next one will have. */
  get count(): number {
    return this.starts.length;
  }

  /** Offset of each message in {@link bytes}. */
  get offsets(): readonly number[] {
    return this.starts;
  }

  /**
   * Starts a message with its family's fixed header (`ifinfomsg`, `nfgenmsg` …). NLM_F_REQUEST is added; the socket
   * chooses sequence numbers and where to ask for an acknowledgement.
   */
  begin(type: number, flags: number, header: Uint8Array): this {
    const start = this.end;
    this.starts.push(start);
    this.claim(NLMSG_HEADER_LENGTH + align(header.length));
    this.buffer.writeUInt16LE(type, start + 4);
    this.buffer.writeUInt16LE(flags | NLM_F_REQUEST, start + 6);
    this.buffer.set(header, start + NLMSG_HEADER_LENGTH);
    return this;
  }

  bytes(type: number, value: Uint8Array): this {
    const at = this.attribute(type, value.length);
    this.buffer.set(value, at);
    return this;
  }

  /** UTF-8 with a final NUL. */
  string(type: number, value: string): this {
    const length = Buffer.byteLength(value);
    const at = this.attribute(type, length + 1);
    this.buffer.write(value, at);
    return this;
  }

  u8(type: number, value: number): this {
    const at = this.attribute(type, 1);
    this.buffer.writeUInt8(value, at);
    return this;
  }

  u16(type: number, value: number): this {
    const at = this.attribute(type, 2);
    this.buffer.writeUInt16LE(value, at);
    return this;
  }

  u32(type: number, value: number): this {
    const at = this.attribute(type, 4);
    this.buffer.writeUInt32LE(value, at);
    return this;
  }

  u32be(type: number, value: number): this {
    const at = this.attribute(type, 4);
    this.buffer.writeUInt32BE(value, at);
    return this;
  }

  /**
   * An attribute that holds attributes, which `fill` writes. `header` is a fixed part in front of them, as in
   * VETH_INFO_PEER.
   */
  nested(type: number, fill: () => void, options: AttributeOptions & { readonly header?: Uint8Array } = {}): this {
    const start = this.end;
    const at = this.attribute(options.flagged ? type | NLA_F_NESTED : type, options.header?.length ?? 0);
    if (options.header !== undefined) this.buffer.set(options.header, at);
    fill();
    this.writeAttributeLength(start, this.end - start);
    return this;
  }

  /** The messages as one datagram, a view that the next verb may invalidate. Each length field is final. */
  encode(): Buffer {
    this.starts.forEach((start, index) => {
      this.buffer.writeUInt32LE((this.starts[index + 1] ?? this.end) - start, start);
    });
    return this.buffer.subarray(0, this.end);
  }

  private attribute(type: number, length: number): number {
    if (this.starts.length === 0) throw new Error("a netlink attribute needs a message to belong to");
    const start = this.end;
    this.claim(ATTRIBUTE_HEADER_LENGTH + align(length));
    this.writeAttributeLength(start, ATTRIBUTE_HEADER_LENGTH + length);
    this.buffer.writeUInt16LE(type, start + 2);
    return start + ATTRIBUTE_HEADER_LENGTH;
  }

  private writeAttributeLength(start: number, length: number): void {
    if (length > MAX_ATTRIBUTE) {
      throw new RangeError(`a netlink attribute of ${length} bytes exceeds the limit of ${MAX_ATTRIBUTE}`);
    }
    this.buffer.writeUInt16LE(length, start);
  }

  /** Appends `length` zero bytes, so that padding needs no thought. */
  private claim(length: number): void {
    const needed = this.end + length;
    if (needed > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, this.end);
      this.buffer = larger;
    }
    this.end = needed;
  }
}

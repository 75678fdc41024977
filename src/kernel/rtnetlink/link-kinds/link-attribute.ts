import type { LinkAttribute } from "../../../api/link-kind.js";
import type { Attributes } from "../../netlink/attributes.js";
import type { MessageBatch } from "../../netlink/message-batch.js";

export function encodeAttributes(batch: MessageBatch, attributes: readonly LinkAttribute[]): void {
  for (const attribute of attributes) {
    const { type } = attribute;
    if ("u8" in attribute) batch.u8(type, attribute.u8);
    else if ("u16" in attribute) batch.u16(type, attribute.u16);
    else if ("u32" in attribute) batch.u32(type, attribute.u32);
    else if ("bytes" in attribute) batch.bytes(type, attribute.bytes);
    else batch.nested(type, () => encodeAttributes(batch, attribute.nested));
  }
}

/** Whether the kernel has all of `wanted`. What it leaves out, an older one does not know. */
export function hasAttributes(found: Attributes, wanted: readonly LinkAttribute[]): boolean {
  return wanted.every((attribute) => {
    const value = found.bytes(attribute.type);
    if (value === undefined) return true;
    if ("nested" in attribute) return hasAttributes(found.nested(attribute.type), attribute.nested);
    return value.equals(bytesOf(attribute));
  });
}

function bytesOf(attribute: Exclude<LinkAttribute, { readonly nested: unknown }>): Buffer {
  if ("bytes" in attribute) return Buffer.from(attribute.bytes);
  if ("u8" in attribute) return Buffer.from([attribute.u8]);
  const buffer = Buffer.alloc("u16" in attribute ? 2 : 4);
  if ("u16" in attribute) buffer.writeUInt16LE(attribute.u16);
  else buffer.writeUInt32LE(attribute.u32);
  return buffer;
}

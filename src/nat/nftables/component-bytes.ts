import ipaddr from "ipaddr.js";
import { addressBytes } from "../address-bytes.js";
import { isRange, type KeyPart } from "./element.js";
import type { ComponentType } from "./element-sets.js";
import { protocolName, protocolNumber } from "./protocol-number.js";

/**
 * Bytes that each type takes in a key or data register, padded to the 32 bits of a register (NFT_REG32_SIZE,
 * <linux/netfilter/nf_tables.h>). Interface names fill IFNAMSIZ.
 */
const lengths: Readonly<Record<ComponentType, number>> = {
  ifname: 16,
  devgroup: 4,
  ether_addr: 8,
  ipv4_addr: 4,
  ipv6_addr: 16,
  inet_proto: 4,
  inet_service: 4,
  nd_ether_addr: 8,
  nd_ipv6_addr: 16,
};

/** The bytes of a concatenation; of a range, the end that `edge` names. */
export function encodeParts(
  types: readonly ComponentType[],
  parts: readonly KeyPart[],
  edge: "first" | "last" = "first",
): Buffer {
  const bytes = Buffer.alloc(types.reduce((sum, type) => sum + lengths[type], 0));
  let at = 0;
  for (const [index, type] of types.entries()) {
    const part = parts[index];
    if (part === undefined) throw new RangeError(`a key of ${types.join(" . ")} lacks its part ${index + 1}`);
    writePart(bytes, at, type, isRange(part) ? part[edge] : part);
    at += lengths[type];
  }
  return bytes;
}

/** Reads a concatenation; undefined where the length is not that of `types`. Equal ends of a range are one value. */
export function decodeParts(
  types: readonly ComponentType[],
  first: Buffer,
  last = first,
): readonly KeyPart[] | undefined {
  const parts: KeyPart[] = [];
  let at = 0;
  for (const type of types) {
    const end = at + lengths[type];
    if (end > first.length || end > last.length) return undefined;
    const low = readPart(type, first.subarray(at, end));
    const high = readPart(type, last.subarray(at, end));
    parts.push(typeof low === "number" && typeof high === "number" && low !== high ? { first: low, last: high } : low);
    at = end;
  }
  return at === first.length ? parts : undefined;
}

/** Numbers are in network order, but those of groups, which the kernel compares as it keeps them. */
function writePart(bytes: Buffer, at: number, type: ComponentType, value: string | number): void {
  switch (type) {
    case "inet_service":
      bytes.writeUInt16BE(Number(value), at);
      return;
    case "devgroup":
      bytes.writeUInt32LE(Number(value), at);
      return;
    case "inet_proto":
      bytes.writeUInt8(protocolNumber(String(value)), at);
      return;
    case "ipv4_addr":
    case "ipv6_addr":
    case "nd_ipv6_addr":
      bytes.set(addressBytes(String(value)), at);
      return;
    case "ether_addr":
    case "nd_ether_addr":
      bytes.write(String(value).replaceAll(":", ""), at, "hex");
      return;
    case "ifname":
      bytes.write(String(value), at, lengths.ifname - 1);
  }
}

function readPart(type: ComponentType, bytes: Buffer): string | number {
  switch (type) {
    case "inet_service":
      return bytes.readUInt16BE();
    case "devgroup":
      return bytes.readUInt32LE();
    case "inet_proto":
      return protocolName(bytes.readUInt8());
    case "ipv4_addr":
      return bytes.join(".");
    case "ipv6_addr":
    case "nd_ipv6_addr":
      return ipaddr.fromByteArray([...bytes]).toString();
    case "ether_addr":
    case "nd_ether_addr":
      return bytes.toString("hex", 0, 6).replace(/..(?=.)/g, "$&:");
    case "ifname":
      return bytes.toString("utf8").replace(/\0.*$/s, "");
  }
}

import ipaddr from "ipaddr.js";
import { addressBytes } from "../address-bytes.js";
import { isRange, type KeyPart } from "./element.js";
import type { ComponentType } from "./element-sets.js";
import { protocolName, protocolNumber } from "./protocol-number.js";
import { edgeOfSubnet, subnetBetween } from "./subnet-edges.js";

type Subnet = "ipv4_subnet" | "ipv6_subnet";

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
  ipv4_subnet: 4,
  ipv6_subnet: 16,
  inet_proto: 4,
  inet_service: 4,
  nd_ether_addr: 8,
  nd_ipv6_addr: 16,
  vni: 4,
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
    if (isSubnet(type)) bytes.set(edgeOfSubnet(String(part), edge), at);
    else writePart(bytes, at, type, isRange(part) ? part[edge] : part);
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
    parts.push(readRange(type, first.subarray(at, end), last.subarray(at, end)));
    at = end;
  }
  return at === first.length ? parts : undefined;
}

function readRange(type: ComponentType, first: Buffer, last: Buffer): KeyPart {
  if (isSubnet(type)) return subnetBetween(first, last);
  const [low, high] = [readPart(type, first), readPart(type, last)];
  return typeof low === "number" && typeof high === "number" && low !== high ? { first: low, last: high } : low;
}

function isSubnet(type: ComponentType): type is Subnet {
  return type === "ipv4_subnet" || type === "ipv6_subnet";
}

/** Numbers are in network order, but those of groups, which the kernel compares as it keeps them. */
function writePart(bytes: Buffer, at: number, type: Exclude<ComponentType, Subnet>, value: string | number): void {
  switch (type) {
    case "inet_service":
      bytes.writeUInt16BE(Number(value), at);
      return;
    case "vni":
      bytes.writeUIntBE(Number(value), at, 3);
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

function readPart(type: Exclude<ComponentType, Subnet>, bytes: Buffer): string | number {
  switch (type) {
    case "inet_service":
      return bytes.readUInt16BE();
    case "vni":
      return bytes.readUIntBE(0, 3);
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

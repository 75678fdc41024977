import ipaddr from "ipaddr.js";
import { addressBytes } from "../address-bytes.js";

/** In network order: the first address of a CIDR, or its last; an address alone is both. */
export function edgeOfSubnet(subnet: string, edge: "first" | "last"): readonly number[] {
  if (!subnet.includes("/")) return addressBytes(subnet);
  const [address, prefix] = ipaddr.parseCIDR(subnet);
  return address.toByteArray().map((byte, index) => {
    const host = 0xff >> Math.min(8, Math.max(0, prefix - index * 8));
    return edge === "first" ? byte & ~host : byte | host;
  });
}

/** The other way round. What is no CIDR, which another program may have written, is `FIRST-LAST`. */
export function subnetBetween(first: Buffer, last: Buffer): string {
  const bits = [...first].map((byte, index) => Math.clz32(byte ^ (last[index] ?? 0)) - 24);
  const differing = bits.findIndex((same) => same < 8);
  const address = textOf(first);
  if (differing === -1) return address;
  const subnet = `${address}/${differing * 8 + (bits[differing] ?? 0)}`;
  const isWhole = (["first", "last"] as const).every((edge) =>
    Buffer.from(edgeOfSubnet(subnet, edge)).equals(edge === "first" ? first : last),
  );
  return isWhole ? subnet : `${address}-${textOf(last)}`;
}

function textOf(bytes: Buffer): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}

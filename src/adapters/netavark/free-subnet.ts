import { randomBytes } from "node:crypto";
import ipaddr from "ipaddr.js";

export interface SubnetPool {
  /** A CIDR. */
  readonly base: string;
  /** Prefix length of the subnets cut from it. */
  readonly size: number;
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** The first IPv4 subnet of the pools that overlaps none in use; undefined where there is none. */
export function freeSubnet(pools: readonly SubnetPool[], used: readonly string[]): string | undefined {
  const taken = used.map((cidr) => ipaddr.parseCIDR(cidr));
  for (const { base, size } of pools) {
    const [address, prefix] = ipaddr.parseCIDR(base);
    if (address.kind() !== "ipv4" || size < prefix || size > LONGEST) continue;
    const step = 2 ** (32 - size);
    const first = toNumber(ipaddr.IPv4.networkAddressFromCIDR(base));
    const end = first + 2 ** (32 - prefix);
    for (let at = first; at < end; ) {
      const subnet: Range = [toAddress(at), size];
      const inTheWay = taken.find((other) => overlap(other, subnet));
      if (inTheWay === undefined) return `${subnet[0]}/${size}`;
      // What lies in a wider one is not tried one by one.
      const past = Math.max(step, 2 ** (32 - inTheWay[1]));
      at = (Math.floor(at / past) + 1) * past;
    }
  }
  return undefined;
}

/** Prefix length that leaves room for a gateway and a container. */
const LONGEST = 30;

/** A random /64 of fd00::/8 (RFC 4193 §3.2.2). */
export function randomSubnet6(): string {
  const bytes = [0xfd, ...randomBytes(7), 0, 0, 0, 0, 0, 0, 0, 0];
  return `${ipaddr.fromByteArray(bytes)}/64`;
}

/** Whether the one has addresses of the other. */
export function overlap([one, onePrefix]: Range, [other, otherPrefix]: Range): boolean {
  return one.kind() === other.kind() && one.match(other, Math.min(onePrefix, otherPrefix));
}

function toNumber(address: ipaddr.IPv4): number {
  return address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function toAddress(value: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256));
}

import type { Family } from "../api/address-family.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Address, addressBits, explainAddress, formatAddress, readAddress } from "./address.js";

/** A run of addresses, both ends included. Empty where `last` is below `first`. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** A subnet: all addresses that share their first `prefix` bits. */
export interface Cidr extends Interval {
  readonly family: Family;
  readonly prefix: number;
}

/** A subnet and the address that it was written with, which is the subnet's first where no host bits are set. */
export interface ParsedCidr {
  readonly cidr: Cidr;
  readonly address: Address;
}

/** Parses `ADDRESS/PREFIX`, both as strictly as `parseAddress` does. Throws `invalid-input` naming `what` was meant. */
export function parseCidr(text: string, what: string): ParsedCidr {
  const parsed = readCidr(text);
  if (parsed !== undefined) return parsed;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_SUBNET_INVALID",
    message: `${what} "${text}" is not usable: ${explainCidr(text)}`,
    hint: "Write ADDRESS/PREFIX, like 10.10.10.0/24.",
    details: { value: text },
  });
}

/** The subnet that `text` is, or undefined for anything but the forms that {@link parseCidr} takes. */
export function readCidr(text: string): ParsedCidr | undefined {
  const [addressText = "", prefixText = "", ...rest] = text.split("/");
  const address = readAddress(addressText);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  return prefix > addressBits[address.family] ? undefined : { cidr: cidrAround(address, prefix), address };
}

/** The subnet of that prefix length which holds `address`. */
export function cidrAround({ family, value }: Address, prefix: number): Cidr {
  const size = 1n << BigInt(addressBits[family] - prefix);
  const first = value - (value % size);
  return { family, prefix, first, last: first + size - 1n };
}

/** `10.10.10.0/24`. */
export function formatCidr({ family, first, prefix }: Cidr): string {
  return `${formatAddress({ family, value: first })}/${prefix}`;
}

/** True if every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** True if `address` is one of `cidr`. */
export function holds(cidr: Cidr, { family, value }: Address): boolean {
  return cidr.family === family && isWithin(cidr, value);
}

/** True if some address is in both. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** True if `value` lies between the ends. */
export function isWithin({ first, last }: Interval, value: bigint): boolean {
  return first <= value && value <= last;
}

/** What both have in common. */
export function intersect(a: Interval, b: Interval): Interval {
  return {
    // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
    first: a.first > b.first ? a.first : b.first,
    // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
    last: a.last < b.last ? a.last : b.last,
  };
}

/**
 * The addresses that an interface can have: not the first, which is the network itself (IPv4) or any of its routers
 * (IPv6, RFC 4291 §2.6.1), and not the last of IPv4, which is everyone (RFC 919).
 */
export function usableAddresses({ family, first, last }: Cidr): Interval {
  return { first: first + 1n, last: family === 4 ? last - 1n : last };
}

/** What `address` is to a subnet in which no interface can have it, in words that "subnet …" follows. */
export function explainUnusable(cidr: Cidr, address: Address): string | undefined {
  if (!holds(cidr, address)) return "outside";
  if (address.value === cidr.first) return cidr.family === 4 ? "the network address of" : "the routers' address of";
  if (address.value === cidr.last && cidr.family === 4) return "the broadcast address of";
  return undefined;
}

/** How many addresses. */
export function countAddresses({ first, last }: Interval): bigint {
  return last < first ? 0n : last - first + 1n;
}

function explainCidr(text: string): string {
  const [addressText = "", prefixText, ...rest] = text.split("/");
  const address = readAddress(addressText);
  if (address === undefined) return explainAddress(addressText);
  if (prefixText === undefined) return "it has no prefix length";
  if (rest.length > 0) return "it has more than one slash";
  return `"${prefixText}" is not a prefix length from 0 to ${addressBits[address.family]}`;
}

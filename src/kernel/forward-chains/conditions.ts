import ipaddr from "ipaddr.js";
import { familyOf } from "../../api/address-family.js";
import type { ForwardedPacket } from "../../api/forwarding.js";
import type { Condition } from "./chain.js";

/** What a rule can ask of a packet: the values that it has; undefined where they cannot be known. */
export type Question = (packet: ForwardedPacket) => readonly (string | number)[] | undefined;
/** Whether one value is meant. */
export type Meant = (value: string | number) => boolean;

export const questions = {
  from: ({ from }) => [from],
  to: ({ to }) => [to],
  family: ({ family }) => [family],
  state: ({ state }) => [state],
  status: ({ translated }) => (translated ? ["dnat"] : []),
  protocol: ({ protocol }) => known(protocol),
  source: ({ source }) => known(source),
  destination: ({ destination }) => known(destination),
  port: ({ port }) => known(port),
} as const satisfies Readonly<Record<string, Question>>;

/** Met where the packet has one of the values that are meant, or where `negated` none. */
export function condition(question: Question, isMeant: Meant, negated = false): Condition {
  return (packet) => {
    const values = question(packet);
    return values === undefined ? undefined : values.some(isMeant) !== negated;
  };
}

export const unknowable: Condition = () => undefined;

/** `wildcard` at the end stands for any rest: `*` of nft(8), `+` of iptables(8). */
export function namesLink(pattern: string, wildcard: "*" | "+"): Meant {
  if (!pattern.endsWith(wildcard)) return (value) => value === pattern;
  return (value) => String(value).startsWith(pattern.slice(0, -1));
}

/** True for an address, or all of a CIDR, that is in a CIDR; `range` can be an address alone. */
export function isWithin(range: string): Meant {
  const cidr = range.includes("/") ? range : `${range}/${familyOf(range) === 6 ? 128 : 32}`;
  return (value) => {
    const [address = "", bits = 128] = String(value).split("/");
    if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(cidr)) return false;
    const [base, length] = ipaddr.parseCIDR(cidr);
    const parsed = ipaddr.parse(address);
    return parsed.kind() === base.kind() && length <= Number(bits) && parsed.match(base, length);
  };
}

/** For numbers, and for addresses of one family. */
export function isBetween(first: string | number, last: string | number): Meant {
  return (value) => {
    const [low, high, one] = [first, last, value].map(orderOf);
    return low !== undefined && high !== undefined && one !== undefined && low <= one && one <= high;
  };
}

function orderOf(value: string | number): bigint | undefined {
  if (typeof value === "number") return BigInt(value);
  if (/^\d+$/.test(value)) return BigInt(value);
  if (!ipaddr.isValid(value)) return undefined;
  return ipaddr
    .parse(value)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function known<T>(value: T | undefined): readonly T[] | undefined {
  return value === undefined ? undefined : [value];
}

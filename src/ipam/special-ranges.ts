import { type Cidr, overlaps, parseCidr } from "./cidr.js";

interface SpecialRange {
  readonly cidr: Cidr;
  /** As a person reads it: `127.0.0.0/8 (loopback)`. */
  readonly description: string;
}

/** Where no container can be reached, by the IANA special-purpose registries (RFC 6890) and RFC 4291 §2.4. */
const registry: readonly (readonly [text: string, name: string])[] = [
  ["0.0.0.0/8", "this network"],
  ["127.0.0.0/8", "loopback"],
  ["224.0.0.0/4", "multicast"],
  ["255.255.255.255/32", "broadcast"],
  ["::/8", "reserved"],
  ["fe80::/10", "link-local"],
  ["ff00::/8", "multicast"],
];

/** Parsed at the first question: most commands ask none. */
let parsed: readonly SpecialRange[] | undefined;

function specialRanges(): readonly SpecialRange[] {
  parsed ??= registry.map(([text, name]) => ({
    cidr: parseCidr(text, "range").cidr,
    description: `${text} (${name})`,
  }));
  return parsed;
}

/** The special-purpose range that `cidr` reaches into, in words. */
export function findSpecialRange(cidr: Cidr): string | undefined {
  return specialRanges().find((special) => overlaps(special.cidr, cidr))?.description;
}

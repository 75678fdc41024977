import type { Family } from "../api/address-family.js";
import type { PoolBase } from "../api/index.js";
import { addressBits } from "./address.js";
import { type Cidr, formatCidr, type Interval, parseCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import { findSpecialRange } from "./taken-ranges.js";

/** Bases that follow upon each other, as one run of pools. */
export interface Stretch extends Interval {
  readonly family: Family;
  /** Prefix length of the pools cut from it. */
  readonly prefix: number;
  /** As a person reads it: `10.0.0.0/8`, `172.17.0.0/16 to 172.31.0.0/16`. */
  readonly description: string;
}

interface ParsedBase {
  readonly cidr: Cidr;
  readonly size: number;
}

/**
 * Where pools of a family are cut from, in the order of trying. Throws `invalid-input` for a base of either family that
 * makes no sense, and where there is none of this one.
 */
export function readPoolBases(family: Family, defaults: readonly PoolBase[] = dockerBases()): readonly Stretch[] {
  const bases = defaults.map(parseBase).filter(({ cidr }) => cidr.family === family);
  if (bases.length > 0) return joinNeighbours(bases);
  throw invalidInput("TSD_POOL_BASE_MISSING", {
    message: `no default pool has IPv${family} subnets to choose from`,
    hint: "Give a subnet with --subnet, or a base of that family in default-address-pools.",
    value: family,
  });
}

/**
 * Private ranges (RFC 1918) in the order of trying: docker's own first, so that its users find what they know, and 10/8
 * last, since that is where companies keep their networks.
 */
function dockerBases(): readonly PoolBase[] {
  return [
    ...Array.from({ length: 15 }, (_, at) => ({ base: `172.${17 + at}.0.0/16`, size: 16 })),
    { base: "192.168.0.0/16", size: 20 },
    { base: "10.0.0.0/8", size: 16 },
  ];
}

function parseBase({ base, size }: PoolBase): ParsedBase {
  const { cidr, address } = parseCidr(base, "default-address-pools base");
  if (address.value !== cidr.first) throw refusal(base, `base ${base} has host bits set`, `Write ${formatCidr(cidr)}.`);
  const special = findSpecialRange(cidr);
  if (special !== undefined) {
    const hint = "Take a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fd00::/8.";
    throw refusal(base, `base ${base} reaches into ${special}`, hint);
  }
  // A longer prefix leaves no room for a gateway and a container.
  const longest = addressBits[cidr.family] - 2;
  if (Number.isInteger(size) && size >= cidr.prefix && size <= longest) return { cidr, size };
  const hint =
    cidr.prefix > longest
      ? `Give a base of at most /${longest}.`
      : `Give a prefix length from ${cidr.prefix} to ${longest}.`;
  throw refusal(size, `size ${size} is not a prefix length of subnets of ${base}`, hint);
}

function joinNeighbours(bases: readonly ParsedBase[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let begin: Cidr | undefined;
  for (const { cidr, size } of bases) {
    const before = stretches.at(-1);
    if (begin !== undefined && before?.prefix === size && before.last + 1n === cidr.first) {
      const description = `${formatCidr(begin)} to ${formatCidr(cidr)}`;
      stretches[stretches.length - 1] = { ...before, last: cidr.last, description };
      continue;
    }
    const { family, first, last } = cidr;
    stretches.push({ family, first, last, prefix: size, description: formatCidr(cidr) });
    begin = cidr;
  }
  return stretches;
}

function refusal(value: unknown, what: string, hint: string): Error {
  return invalidInput("TSD_POOL_BASE_INVALID", { message: `default-address-pools: ${what}`, hint, value });
}

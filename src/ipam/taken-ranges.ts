import type { Family } from "../api/address-family.js";
import type { TakenRange } from "../api/index.js";
import { linkLocalRange, specialRanges as registry } from "../contracts/special-ranges.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Cidr, formatCidr, overlaps, parseCidr, readCidr } from "./cidr.js";

/** Something that a pool must stay clear of. */
export interface Obstacle extends TakenRange {
  readonly parsed: Cidr;
}

/**
 * What a pool can collide with. A nameserver that resolv.conf gives with a zone, or spells wrongly, is left out: no pool
 * can hold it.
 */
export function readTaken(taken: readonly TakenRange[]): readonly Obstacle[] {
  return taken.flatMap((range) => {
    const parsed = readCidr(range.cidr)?.cidr;
    return parsed === undefined ? [] : [{ ...range, parsed }];
  });
}

/** Throws `conflict` naming the owner of what `cidr` overlaps; with `allowOverlap`, only if that is another network. */
export function refuseOverlap(cidr: Cidr, obstacles: readonly Obstacle[], allowOverlap: boolean): void {
  const inTheWay = obstacles.filter(({ parsed }) => overlaps(parsed, cidr));
  const network = inTheWay.find(({ by }) => by === "network");
  const obstacle = network ?? (allowOverlap ? undefined : inTheWay[0]);
  if (obstacle === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: network === undefined ? "TSD_SUBNET_ON_HOST" : "TSD_SUBNET_OVERLAP",
    message: `subnet ${formatCidr(cidr)} overlaps ${obstacle.owner}`,
    hint:
      network === undefined
        ? "Choose another subnet, or accept that the host cannot reach both: --allow-overlap"
        : "Choose another subnet, or leave it out to get a free one.",
    details: { subnet: formatCidr(cidr), owner: obstacle.owner, overlaps: obstacle.cidr },
  });
}

interface SpecialRange {
  readonly cidr: Cidr;
  /** As a person reads it: `127.0.0.0/8 (loopback)`. */
  readonly description: string;
}

/** Parsed at the first question about a family: most commands ask none, and most of the others about IPv4 alone. */
const parsed: Partial<Record<Family, readonly SpecialRange[]>> = {};

function specialRanges(family: Family): readonly SpecialRange[] {
  parsed[family] ??= registry.filter(([text]) => text.includes(":") === (family === 6)).map(readRange);
  return parsed[family];
}

function readRange([text, name]: readonly [text: string, name: string]): SpecialRange {
  return { cidr: parseCidr(text, "range").cidr, description: `${text} (${name})` };
}

/** The special-purpose range that `cidr` reaches into, in words. */
export function findSpecialRange(cidr: Cidr): string | undefined {
  return specialRanges(cidr.family).find((special) => overlaps(special.cidr, cidr))?.description;
}

/** The same for the link-local range of IPv4, which only a user can want. */
export function findLinkLocalRange(cidr: Cidr): string | undefined {
  const range = readRange(linkLocalRange);
  return overlaps(range.cidr, cidr) ? range.description : undefined;
}

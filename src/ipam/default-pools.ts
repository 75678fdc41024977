import { TsdError } from "../errors/tsd-error.js";
import { type Cidr, cidrAround, overlaps, parseCidr } from "./cidr.js";
import type { Obstacle } from "./taken-ranges.js";

interface Block {
  readonly cidr: Cidr;
  /** Prefix length of the pools cut from it. */
  readonly prefix: number;
}

/**
 * Private ranges (RFC 1918) in the order of trying: docker's own first, so that its users find what they know, and 10/8
 * last, since that is where companies keep their networks.
 */
function blocks(): readonly Block[] {
  return [
    ...Array.from({ length: 15 }, (_, at) => block(`172.${17 + at}.0.0/16`, 16)),
    block("192.168.0.0/16", 20),
    block("10.0.0.0/8", 16),
  ];
}

/** How many collisions an error names. */
const NAMED = 5;

/** The first default pool that is clear of all `obstacles`. Throws `exhausted` naming some of what is in the way. */
export function findFreePool(obstacles: readonly Obstacle[]): Cidr {
  const collisions = new Set<string>();
  for (const candidate of candidates()) {
    const obstacle = obstacles.find(({ parsed }) => overlaps(parsed, candidate));
    if (obstacle === undefined) return candidate;
    collisions.add(obstacle.owner);
  }
  const named = [...collisions].slice(0, NAMED);
  const more = collisions.size - named.length;
  throw new TsdError({
    kind: "exhausted",
    code: "TSD_SUBNET_NONE_FREE",
    message: `none of the default subnets (172.17-31.0.0/16, 192.168.0.0/16, 10.0.0.0/8) is free: they overlap ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    hint: "Give a subnet with --subnet, or remove networks that nothing uses: tsd network prune",
    details: { collisions: named, count: collisions.size },
  });
}

function* candidates(): Iterable<Cidr> {
  for (const { cidr, prefix } of blocks()) {
    let value = cidr.first;
    while (value <= cidr.last) {
      const candidate = cidrAround({ family: 4, value }, prefix);
      yield candidate;
      value = candidate.last + 1n;
    }
  }
}

function block(text: string, prefix: number): Block {
  return { cidr: parseCidr(text, "pool").cidr, prefix };
}

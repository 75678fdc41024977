import type { PoolRequest } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Cidr, cidrAround } from "./cidr.js";
import { readPoolBases, type Stretch } from "./pool-bases.js";
import type { Obstacle } from "./taken-ranges.js";

interface Search {
  readonly free?: Cidr;
  /** Owners of what was in the way. */
  readonly met: readonly string[];
}

interface Collision {
  readonly base: string;
  readonly owners: readonly string[];
}

/** How many names an error lists in a row. */
const NAMED = 3;

/**
 * The first default pool of the family that is clear of all `obstacles`. Throws `exhausted` naming what is in the way of
 * each base, or `invalid-input` for bases that are unusable.
 */
export function findFreePool(
  { family = 4, defaults }: Pick<PoolRequest, "family" | "defaults">,
  obstacles: readonly Obstacle[],
): Cidr {
  const rising = obstacles
    .filter(({ parsed }) => parsed.family === family)
    .sort(({ parsed: a }, { parsed: b }) => Number(a.first > b.first) - Number(a.first < b.first));
  const collisions: Collision[] = [];
  for (const stretch of readPoolBases(family, defaults)) {
    const { free, met } = search(stretch, rising);
    if (free !== undefined) return free;
    collisions.push({ base: stretch.description, owners: met });
  }
  throw exhausted(collisions);
}

/** Each obstacle moves the candidate past its own end, so that no step is spent on the pools that it covers. */
function search({ family, first, last, prefix }: Stretch, rising: readonly Obstacle[]): Search {
  const met = new Set<string>();
  let candidate = cidrAround({ family, value: first }, prefix);
  for (const { parsed, owner } of rising) {
    if (parsed.last < candidate.first) continue;
    if (parsed.first > candidate.last) break;
    met.add(owner);
    const covered = cidrAround({ family, value: parsed.last }, prefix);
    candidate = cidrAround({ family, value: covered.last + 1n }, prefix);
    if (candidate.first > last) return { met: [...met] };
  }
  return { free: candidate, met: [...met] };
}

function exhausted(collisions: readonly Collision[]): TsdError {
  const bases = new Map<string, string[]>();
  for (const { base, owners } of collisions) {
    const words = enumerate(owners);
    bases.set(words, [...(bases.get(words) ?? []), base]);
  }
  const clauses = [...bases].map(([owners, colliding]) => `${enumerate(colliding)} with ${owners}`);
  return new TsdError({
    kind: "exhausted",
    code: "TSD_SUBNET_NONE_FREE",
    message: `every default subnet collides: ${clauses.join("; ")}`,
    hint: "Give a subnet with --subnet, or remove networks that nothing uses: tsd network prune",
    details: {
      collisions: collisions.map(({ base, owners }) => ({
        base,
        owners: owners.slice(0, NAMED),
        count: owners.length,
      })),
    },
  });
}

function enumerate(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

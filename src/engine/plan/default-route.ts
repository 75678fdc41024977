import { TsdError } from "../../errors/tsd-error.js";

/** How an endpoint ranks among those of one namespace for its default route. */
export interface Rank {
  /** The higher the better. */
  readonly priority: number;
  /** Of the network; the first by name wins among equals. */
  readonly network: string;
}

export interface Ranked extends Rank {
  readonly metric: number;
}

/** Of the first endpoint of a namespace; leaves room on both sides. It is also what the kernel gives IPv6 routes. */
const FIRST = 1024;
const HIGHEST = 2 ** 31;

/**
 * The metric of a new endpoint's default route, between those it ranks below and those it ranks above, none of which has
 * to change. So the kernel itself falls back to the next one when an endpoint goes. Throws `exhausted` where a namespace
 * had so many networks that no number is left between two of them.
 */
export function chooseMetric(rank: Rank, present: readonly Ranked[]): number {
  const above = Math.max(0, ...present.filter((other) => compare(other, rank) <= 0).map(({ metric }) => metric));
  const below = Math.min(
    Number.POSITIVE_INFINITY,
    ...present.filter((other) => compare(other, rank) > 0).map(({ metric }) => metric),
  );
  const metric = middle(above, below);
  if (metric > above && metric < below && metric <= HIGHEST) return metric;
  throw new TsdError({
    kind: "exhausted",
    code: "TSD_DEFAULT_ROUTE_RANK",
    message: `there is no room for a default route by network "${rank.network}" between those the container has`,
    hint: "Disconnect the container from networks it does not need, or start it again.",
    details: { network: rank.network, above, below },
  });
}

function middle(above: number, below: number): number {
  if (below === Number.POSITIVE_INFINITY) return above === 0 ? FIRST : above * 2;
  return Math.floor((above + below) / 2);
}

function compare(a: Rank, b: Rank): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.network < b.network ? -1 : Number(a.network > b.network);
}

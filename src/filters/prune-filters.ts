import type { Labels } from "../api/index.js";
import { type FilterKeys, labelKeys, makeFilter } from "./filters.js";
import { parseInstant } from "./instant.js";

/** What can be pruned, as far as filters ask. */
export interface Prunable {
  readonly labels: Labels;
  /** RFC 3339. */
  readonly created: string;
}

const keys: FilterKeys<Prunable, { readonly now: number }> = {
  ...labelKeys(({ labels }) => labels),
  until: (value, { now }) => {
    const limit = Date.parse(parseInstant("filter until", value, now));
    return ({ created }) => Date.parse(created) < limit;
  },
};

export const pruneFilterKeys = Object.keys(keys);

/**
 * The test that `--filter` of a prune command describes: `until=24h` or a time keeps what is younger, `label=` and `label!=` pick by
 * labels. `now` in milliseconds since the epoch. Throws `invalid-input`.
 */
export function pruneFilter(filters: readonly string[] | undefined, now: number): (thing: Prunable) => boolean {
  return makeFilter(filters, keys, { now });
}

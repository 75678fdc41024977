import type { Row } from "../../contracts/index.js";
import type { Applier } from "../contracts/parts.js";
import { interleave } from "./interleave.js";

/**
 * Makes what the rows list, all at once; by halves where something is in the way of one of them, so that it keeps no other from being
 * made. Returns which failed, and why.
 */
export async function ensureEach<T extends Pick<Row, "resources">>(
  applier: Pick<Applier, "ensure">,
  rows: readonly T[],
): Promise<ReadonlyMap<T, unknown>> {
  const [first, ...others] = rows;
  if (first === undefined) return new Map();
  try {
    await applier.ensure(interleave(rows.map(({ resources }) => resources)));
    return new Map();
  } catch (error) {
    if (others.length === 0) return new Map([[first, error]]);
  }
  const half = Math.ceil(rows.length / 2);
  return new Map([
    ...(await ensureEach(applier, rows.slice(0, half))),
    ...(await ensureEach(applier, rows.slice(half))),
  ]);
}

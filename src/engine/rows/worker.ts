import type { ContainerRow, Owner, Row } from "../../contracts/index.js";

/** The process whose work a row in transition is: its owner, or who changes a container that others own. */
export function workerOf(row: Row | ContainerRow): Owner {
  const before = "before" in row ? row.before : undefined;
  return row.state === "changing" && before !== undefined ? before.by : row.owner;
}

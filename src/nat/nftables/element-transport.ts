import type { Element } from "./element.js";

/**
 * What became of a transaction:
 * - `done`: all of it is in the kernel;
 * - `taken`: nothing is, since one of the keys exists;
 * - `absent`: nothing is, since the table does not exist or is of another schema.
 */
export type Outcome = "done" | "taken" | "absent";

/** A way for elements to get into the kernel and back. Each change is one transaction: all of it happens, or nothing. */
export interface ElementTransport {
  /** `netlink`, `exec`. */
  readonly name: string;
  /** Makes new elements. The kernel does not notice that a range encloses another, so ask {@link find} about ranges. */
  create(elements: readonly Element[]): Promise<Outcome>;
  /** Deletes those of `elements` that exist and belong to the same owner. */
  delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">>;
  /** What the kernel holds under the keys of `elements`, or overlapping them; nothing where there is no table. */
  find(elements: readonly Element[]): Promise<readonly Element[]>;
  /** Everything that the kernel holds; nothing where there is no table. */
  list(): Promise<readonly Element[]>;
}

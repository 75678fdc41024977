import { channel } from "node:diagnostics_channel";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../api/boundary-operation.js";

/** What is reported of an operation; `what` is called only if somebody listens. */
export interface Step extends Pick<BoundaryOperation, "into" | "reads"> {
  readonly what: () => string;
}

const listeners = channel(BOUNDARY_OPERATIONS);

/** Returns why the other side refused, from the operation's result; undefined if it did not refuse. */
type Refusal<T> = (result: Awaited<T>) => unknown;

/**
 * Does `work`, and reports to the listeners of {@link BOUNDARY_OPERATIONS} before and after it. A promise counts as done
 * once it is settled. `refusal` is for work that returns a failure instead of throwing it.
 */
export function boundaryOperation<T>(step: Step, work: () => T, refusal?: Refusal<T>): T {
  return listeners.hasSubscribers ? reported(step, work, refusal) : work();
}

function reported<T>({ into, reads, what }: Step, work: () => T, refusal?: Refusal<T>): T {
  const fixed = { into, what: what(), ...(reads ? { reads } : {}) };
  const begun = performance.now();
  const after = (outcome: Pick<BoundaryOperation, "error">): void => {
    listeners.publish({
      phase: "after",
      ...fixed,
      took: performance.now() - begun,
      ...outcome,
    } satisfies BoundaryOperation);
  };
  const failed = (error: unknown): never => {
    after({ error });
    throw error;
  };
  listeners.publish({ phase: "before", ...fixed } satisfies BoundaryOperation);
  let result: T;
  try {
    result = work();
  } catch (error) {
    return failed(error);
  }
  const returned = (value: Awaited<T>): Awaited<T> => {
    const error = refusal?.(value);
    after(error === undefined ? {} : { error });
    return value;
  };
  return isPromise(result)
    ? (result.then(returned as (value: unknown) => unknown, failed) as T)
    : (returned(result as Awaited<T>) as T);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | undefined)?.then === "function";
}

import { channel } from "node:diagnostics_channel";
import { CROSSINGS, type Crossing } from "../api/crossing.js";

/** What is told of a step; `what` is asked for only where somebody listens. */
export interface Step extends Pick<Crossing, "into" | "reads"> {
  readonly what: () => string;
}

const listeners = channel(CROSSINGS);

/** Finds in what a step returns why the other side refused it; undefined where it did not. */
type Refusal<T> = (result: Awaited<T>) => unknown;

/**
 * Does `work`, and reports to the listeners of {@link CROSSINGS} before and after it. A promise counts as done once it is
 * settled. `refusal` is for work that returns a failure instead of throwing it.
 */
export function crossing<T>(step: Step, work: () => T, refusal?: Refusal<T>): T {
  return listeners.hasSubscribers ? reported(step, work, refusal) : work();
}

function reported<T>({ into, reads, what }: Step, work: () => T, refusal?: Refusal<T>): T {
  const fixed = { into, what: what(), ...(reads ? { reads } : {}) };
  const begun = performance.now();
  const after = (outcome: Pick<Crossing, "error">): void => {
    listeners.publish({ phase: "after", ...fixed, took: performance.now() - begun, ...outcome } satisfies Crossing);
  };
  const failed = (error: unknown): never => {
    after({ error });
    throw error;
  };
  listeners.publish({ phase: "before", ...fixed } satisfies Crossing);
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

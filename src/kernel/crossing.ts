import { channel } from "node:diagnostics_channel";
import { CROSSINGS, type Crossing } from "../api/crossing.js";

/** What is told of a step; `what` is asked for only where somebody listens. */
export interface Step extends Pick<Crossing, "into" | "reads"> {
  readonly what: () => string;
}

const listeners = channel(CROSSINGS);

/** Does `work`, and tells the listeners of {@link CROSSINGS} before and after it. A promise counts as done once it is settled. */
export function crossing<T>(step: Step, work: () => T): T {
  return listeners.hasSubscribers ? told(step, work) : work();
}

function told<T>({ into, reads, what }: Step, work: () => T): T {
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
  if (!isPromise(result)) {
    after({});
    return result;
  }
  return result.then((value) => {
    after({});
    return value;
  }, failed) as T;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | undefined)?.then === "function";
}

import { AsyncLocalStorage } from "node:async_hooks";
import { monotonicTime } from "./clock.js";

/** Milliseconds that work in haste waits for one call of a plug-in, or of the cluster's state. */
const patience = 5000;

/** What calls failed with that let their time pass, by who was called. */
type Silent = Map<string, unknown>;

let hasty: AsyncLocalStorage<Silent> | undefined;

/** See {@link inHaste}. */
export type Hasten = <T>(work: () => T) => T;

/**
 * Does `work` that a user has not asked for, or that can be done later. In it, and in all that it starts, plug-ins and the
 * cluster's state have little time, and one that lets it pass is not called again.
 */
export function inHaste<T>(work: () => T): T {
  return sharedHaste()(work);
}

/**
 * The same for several works: one that lets its time pass in one of them is called in no other. It costs nothing before the first,
 * where an AsyncLocalStorage costs the executable a millisecond.
 */
export function sharedHaste(): Hasten {
  const silent: Silent = new Map();
  return (work) => {
    hasty ??= new AsyncLocalStorage();
    return hasty.getStore() === undefined ? hasty.run(silent, work) : work();
  };
}

/** Makes one call of `callee`, which has `usual` milliseconds, and less in haste; `call` gets how many. */
export async function callWithin<T>(
  callee: string,
  usual: number,
  call: (milliseconds: number) => Promise<T>,
): Promise<T> {
  const silent = hasty?.getStore();
  if (silent === undefined) return call(usual);
  if (silent.has(callee)) throw silent.get(callee);
  const begun = monotonicTime();
  const allowed = Math.min(usual, patience);
  try {
    return await call(allowed);
  } catch (error) {
    // Timers are not exact: the end of the time comes before or behind it.
    if (monotonicTime() - begun > allowed / 2) silent.set(callee, error);
    throw error;
  }
}

import { type Context, createContext, Script } from "node:vm";
import { TsdError } from "../errors/tsd-error.js";
import type { Bounds } from "./bounds.js";
import { loopWatchdog } from "./loop-watchdog.js";

/** One for all calls, since making it costs a millisecond. The function that it calls belongs to this realm. */
let caller: { readonly context: Context; readonly script: Script } | undefined;

/**
 * Calls `work`, and throws `plugin` if it has not returned in time. V8 then ends the JavaScript that runs, endless loops too,
 * and neither `catch` nor `finally` of it runs. A system call that blocks ends only by itself; it is reported afterwards.
 */
export function boundedCall<T>(work: () => T, bounds: Bounds): T {
  caller ??= { context: createContext({}), script: new Script("call()") };
  let outcome: (() => T) | undefined;
  caller.context.call = (): void => {
    try {
      const value = work();
      outcome = () => value;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
  };
  try {
    caller.script.runInContext(caller.context, { timeout: bounds.milliseconds });
  } catch {
    // The call itself throws nothing, so this is the end of its time.
    outcome = undefined;
  } finally {
    caller.context.call = undefined;
  }
  if (outcome === undefined) throw tookTooLong(bounds, "return");
  return outcome();
}

/** Resolves as `promise` does, or rejects with `plugin` if that has not happened in time, because of an endless loop too. */
export async function boundedWait<T>(promise: PromiseLike<T>, bounds: Bounds): Promise<T> {
  const watched = loopWatchdog.watch(bounds);
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    // The timer keeps the process alive: a promise that nothing settles would otherwise end it without a word.
    timer = setTimeout(() => reject(tookTooLong(bounds, "finish")), bounds.milliseconds);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
    watched.end();
  }
}

function tookTooLong({ what, milliseconds }: Bounds, verb: "return" | "finish"): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_TIMEOUT",
    message: `${what} did not ${verb} within ${milliseconds / 1000} seconds`,
    hint: "Report this to the author of the plug-in.",
    details: { milliseconds },
  });
}

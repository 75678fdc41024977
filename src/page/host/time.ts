import { monotonicTime } from "../../contracts/clock.js";

/** How time goes by. */
export interface Time {
  /** Milliseconds, on a clock that never goes back. */
  now(): number;
  /** Over after so many milliseconds, or at once when it is cut short or the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal): { readonly over: Promise<void>; cut(): void };
}

export const hostTime: Time = { now: monotonicTime, pause };

function pause(milliseconds: number, signal: AbortSignal): ReturnType<Time["pause"]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const cut = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cut);
    resolve();
  };
  void promise.then(cut);
  if (signal.aborted) cut();
  else signal.addEventListener("abort", cut);
  return { over: promise, cut };
}

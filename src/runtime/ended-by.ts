import type { ExecOptions, SendSignal } from "../api/index.js";

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 10_000;

/** Runs a command that `signal` ends, and then throws the signal's reason. `run` hands over how to reach the command. */
export async function endedBy<T>(
  signal: AbortSignal | undefined,
  onStart: ExecOptions["onStart"],
  run: (onRun: (send: SendSignal) => void) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run(onStart ?? (() => undefined));
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let end = (): void => undefined;
  try {
    return await run((send) => {
      end = () => {
        send("SIGTERM");
        timer = setTimeout(() => send("SIGKILL"), GRACE);
      };
      // A signal that was aborted while the command started says so no second time.
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
      onStart?.(send);
    });
  } finally {
    signal.removeEventListener("abort", end);
    clearTimeout(timer);
    signal.throwIfAborted();
  }
}

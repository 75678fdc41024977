import { constants } from "node:os";
import { TsdError } from "../errors/tsd-error.js";

/** The ends of the real-time signals as C libraries have them, signal(7). */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** The number of a signal given as `TERM`, `SIGTERM`, `term`, `15` or `RTMIN+3`. Throws `invalid-input`. */
export function signalNumber(signal: string): number {
  const number = /^\d{1,2}$/.test(signal) ? Number(signal) : named(signal.toUpperCase());
  if (number !== undefined && number >= 1 && number <= SIGRTMAX) return number;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_RUNTIME_SIGNAL_UNKNOWN",
    message: `"${signal}" is no signal`,
    hint: "Give a name such as TERM, or a number from 1 to 64; kill -l lists them.",
    details: { signal },
  });
}

function named(upper: string): number | undefined {
  const [realTime, end, distance = "0"] = /^(?:SIG)?RT(MIN(?=$|\+)|MAX(?=$|-))(?:[+-](\d{1,2}))?$/.exec(upper) ?? [];
  if (realTime !== undefined) return end === "MIN" ? SIGRTMIN + Number(distance) : SIGRTMAX - Number(distance);
  const name = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  return Object.hasOwn(constants.signals, name) ? constants.signals[name as NodeJS.Signals] : undefined;
}

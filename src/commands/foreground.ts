import { Flags } from "@oclif/core";
import type { CommandResult, Container, Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Surroundings } from "./surroundings.js";

/** The flag of commands that stay with a container. */
export const sigProxyFlag = {
  "sig-proxy": Flags.boolean({
    description: "Pass signals on to the container; --sig-proxy=false leaves it alone.",
    default: true,
    allowNo: true,
  }),
};

/**
 * Waits for a container in the foreground and passes signals on to it meanwhile, so that Ctrl-C reaches the container
 * and tsd stays to clean up behind it. Returns the exit code.
 */
export async function runInForeground(
  tsd: Tsd,
  surroundings: Surroundings,
  { passesSignals }: { readonly passesSignals: boolean },
  start: (onStart: (container: Container) => void) => Promise<CommandResult>,
): Promise<number> {
  let stopListening = (): void => {};
  const onStart = ({ id }: Container): void => {
    if (!passesSignals) return;
    stopListening = surroundings.onSignal((signal) => {
      tsd.containers.kill(id, signal.slice("SIG".length)).catch(ignoreGone);
    });
  };
  try {
    return (await start(onStart)).exitCode;
  } finally {
    stopListening();
  }
}

/** A signal may come just as the container ends. */
function ignoreGone(error: unknown): void {
  if (!TsdError.is(error, "conflict") && !TsdError.is(error, "not-found")) throw error;
}

/** A container that reads from a terminal needs one. Throws `invalid-input` where there is none, as docker does. */
export function requireTerminal(
  wanted: { readonly tty: boolean; readonly interactive: boolean },
  surroundings: Surroundings,
): void {
  if (!wanted.tty || !wanted.interactive || surroundings.isTerminal(0)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NOT_A_TERMINAL",
    message: "-it needs a terminal, and standard input is none",
    hint: "Leave out -t to send input through a pipe.",
  });
}

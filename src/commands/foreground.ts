import { constants } from "node:os";
import type { CommandResult, Container, ForegroundOptions, Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { optional } from "./optional.js";
import type { Surroundings } from "./surroundings.js";

export interface ForegroundSession {
  readonly tsd: Tsd;
  /** The container has a terminal, whose keys are its own. */
  readonly tty: boolean;
  /** Signals go on to a container without a terminal; else they leave it. */
  readonly sigProxy: boolean;
  readonly detachKeys: string | undefined;
  /** Prints on standard error. */
  readonly say: (text: string) => void;
}

/** Presses of Ctrl-C after which a container that goes on is left, and docker's exit code then. */
const PATIENCE = 3;
const EXIT_IMPATIENT = 1;

/**
 * Waits for a container in the foreground and passes signals on to it meanwhile, so that Ctrl-C reaches the container
 * and tsd stays to clean up behind it. Returns the exit code. A terminal that is closed leaves the container running.
 */
export async function runInForeground(
  surroundings: Pick<Surroundings, "onSignal">,
  { tsd, tty, sigProxy, detachKeys, say }: ForegroundSession,
  start: (options: ForegroundOptions) => Promise<CommandResult>,
): Promise<number> {
  let stopListening = (): void => {};
  const leaving = new AbortController();
  let codeOfLeaving = 0;
  const leave = (code: number): void => {
    codeOfLeaving = code;
    leaving.abort();
  };
  let called = "";
  const onStart = ({ id, name }: Container): void => {
    called = name;
    let presses = 0;
    stopListening = surroundings.onSignal((signal) => {
      if (!sigProxy || (tty && signal === "SIGHUP")) {
        leave(128 + constants.signals[signal]);
        return;
      }
      if (signal === "SIGINT") presses += 1;
      if (presses === PATIENCE) {
        leave(EXIT_IMPATIENT);
        return;
      }
      if (signal === "SIGINT" && presses === PATIENCE - 1)
        say(
          `\ntsd: container "${called}" goes on after Ctrl-C: end it with tsd kill ${called}, or press Ctrl-C once more to leave it running\n`,
        );
      tsd.containers.kill(id, signal.slice("SIG".length)).catch(ignoreGone);
    });
  };
  try {
    const { exitCode, detached } = await start({
      onStart,
      leave: leaving.signal,
      ...optional("detachKeys", detachKeys),
    });
    if (!detached) return exitCode;
    say(`\ntsd: container "${called}" runs on; come back with tsd attach ${called}\n`);
    return codeOfLeaving;
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

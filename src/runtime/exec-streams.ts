import type { Duplex } from "node:stream";
import type { ExecSpec, Streams } from "../api/index.js";
import type { Leaving } from "../contracts/index.js";
import { type RelayedProgram, runRelayed } from "../kernel/programs/relayed-program.js";
import { openKeyboard } from "../kernel/terminal/pseudo-terminal.js";
import { setTerminalSize } from "../kernel/terminal/terminal-size.js";
import { ComplaintFilter } from "./complaint-filter.js";
import { childrenOf } from "./exec-command.js";
import { Terminal } from "./terminal.js";

interface StreamUse extends Pick<RelayedProgram, "onStart" | "remainder"> {
  readonly spec: ExecSpec;
  readonly streams: Streams;
  readonly leaving: Leaving;
  /** What the runtime complained of, asked for at its end. */
  readonly complaint: () => string | undefined;
}

/**
 * Runs the runtime's exec with bytes from and to the caller's streams. For a command on a terminal the
 * runtime copies between that and its own standard streams, of which the input must be a terminal too: it gets one of
 * ours, whatever the caller's streams are.
 */
export async function runWithStreams(
  [file, ...args]: readonly [string, ...string[]],
  { spec: { tty = false, interactive = false }, streams: caller, leaving, complaint, ...rest }: StreamUse,
): Promise<number | "left"> {
  const errors = new ComplaintFilter(() => caller.stderr);
  const streams = {
    stdin: interactive ? caller.stdin : undefined,
    stdout: () => caller.stdout,
    stderr: () => errors,
  };
  try {
    if (!tty) return await runRelayed({ file, args, streams, leave: leaving.signal, isOnItsOwn, ...rest });
    const keyboard = openKeyboard();
    const terminal = new Terminal(caller, (size) => setTerminalSize(keyboard.writeEnd, size));
    if (terminal.size !== undefined) setTerminalSize(keyboard.writeEnd, terminal.size);
    terminal.follow();
    if (interactive) await terminal.makeRaw();
    const { through, leave } = await watchKeys(leaving);
    try {
      return await runRelayed({ file, args, streams: { ...streams, through }, keyboard, leave, isOnItsOwn, ...rest });
    } finally {
      terminal.restore();
    }
  } finally {
    errors.settle(complaint());
  }
}

/** The runtime has read what describes the command, which goes with its caller, once it has a child. */
function isOnItsOwn(pid: number): boolean {
  return childrenOf(pid).length > 0;
}

/** What sees the keys on their way, and when the caller leaves. */
async function watchKeys({
  keys,
  signal,
}: Leaving): Promise<{ readonly through: Duplex | undefined; readonly leave: AbortSignal | undefined }> {
  if (keys === undefined) return { through: undefined, leave: signal };
  const { detachFilter } = await import("./detach-filter.js");
  const typed = new AbortController();
  const leave = signal === undefined ? typed.signal : AbortSignal.any([signal, typed.signal]);
  return { through: detachFilter(keys, () => typed.abort()), leave };
}

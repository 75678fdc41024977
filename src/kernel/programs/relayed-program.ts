import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Duplex, Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendSignal } from "../../api/container.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";
import { InputRelay } from "./input-relay.js";
import { killCommand } from "./kill-command.js";
import { OutputRelay } from "./output-relay.js";
import { closePipe, openPipe, type Pipe } from "./pipe.js";
import { pipeWriter } from "./pipe-streams.js";
import { readOn } from "./read-on.js";
import { ending } from "./spawn.js";

export interface RelayedProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly streams: RelayedStreams;
  /** A pseudo-terminal that becomes the program's own, and its standard input. Closed at the end. */
  readonly keyboard?: Pipe | undefined;
  readonly onStart?: ((send: SendSignal, pid: number) => void) | undefined;
  /** Leaves the program once it is aborted: it runs on without input, and what it writes is lost. */
  readonly leave?: AbortSignal | undefined;
  /** Whether it needs nothing of the caller's any more, but its streams; asked until it does not, before it is left. */
  readonly isOnItsOwn?: (pid: number) => boolean;
  /** What is to follow the program's standard output; asked for when it has ended. */
  readonly remainder?: () => Buffer;
}

/** Milliseconds between two looks at a program that is to be left. */
const LOOK = 5;

/** Where a program's bytes come from and go to. The outputs are asked for when there is something to write. */
interface RelayedStreams {
  /** Absent: the program's standard input is empty; that of a terminal is silent. */
  readonly stdin: Readable | undefined;
  /** Sees the input on its way. */
  readonly through?: Duplex | undefined;
  readonly stdout: () => Writable;
  readonly stderr: () => Writable;
}

/**
 * Runs a program that is not trusted with the caller's descriptors: it has its own, and their bytes are relayed until it
 * ends. It has a session of its own too: no terminal of the caller's as /dev/tty, and no process of the caller's in its
 * group, so terminals signal the caller alone. Returns its exit code, 128 + n after signal n, or `left`. Throws `unsupported` where it
 * is missing, `runtime` where its streams could not be relayed, unless only nobody read its output.
 */
export function runRelayed(relayed: RelayedProgram & { readonly leave?: undefined }): Promise<number>;
export function runRelayed(relayed: RelayedProgram): Promise<number | "left">;
export function runRelayed(relayed: RelayedProgram): Promise<number | "left"> {
  const { file, args, onStart, remainder } = relayed;
  return boundaryOperation({ into: "program", what: () => [file, ...args].join(" ") }, async () => {
    const { program, stopInput, output, errors, ends } = start(relayed);
    onStart?.((signal) => (signal === "SIGKILL" ? killCommand(program) : program.kill(signal)), program.pid ?? 0);
    let code: number | "left" = "left";
    let inputFailure: Error | undefined;
    const over = new AbortController();
    try {
      code = await Promise.race([ending(program, program.spawnfile, "exit"), left(program, relayed, over.signal)]);
      if (code === "left") {
        readOn(ends);
        program.unref();
      }
    } finally {
      over.abort();
      inputFailure = stopInput();
      await Promise.all([output.finish(remainder?.()), errors.finish()]);
    }
    if (code === "left") return code;
    for (const { failure } of [output, errors]) {
      if (failure !== undefined && failure.code !== "EPIPE") throw lost("output", failure);
    }
    if (inputFailure !== undefined) throw lost("input", inputFailure);
    return code;
  });
}

/** Listens until `over` is aborted: `leave` may outlast many programs. */
async function left(
  { pid = 0 }: ChildProcess,
  { leave, isOnItsOwn = () => true }: RelayedProgram,
  over: AbortSignal,
): Promise<"left"> {
  await new Promise<void>((resolve) => {
    if (leave?.aborted) resolve();
    leave?.addEventListener("abort", () => resolve(), { once: true, signal: over });
  });
  while (!over.aborted && !isOnItsOwn(pid)) await sleep(LOOK);
  return "left";
}

interface Started {
  readonly ends: Parameters<typeof readOn>[0];
  readonly program: ChildProcess;
  /** Returns why the input could not be read to its end, if so. */
  readonly stopInput: () => Error | undefined;
  readonly output: OutputRelay;
  readonly errors: OutputRelay;
}

function start({ file, args, streams, keyboard }: RelayedProgram): Started {
  const [input, output, errors] = openPipes(keyboard);
  const childEnds = [input.readEnd, output.writeEnd, errors.writeEnd];
  let program: ChildProcess;
  try {
    const common = { stdio: childEnds, env: inheritance() };
    // A terminal is taken by who leads a session already; setsid becomes the program, since it leads no group.
    if (keyboard === undefined) program = spawn(file, args, { ...common, detached: true });
    else program = spawn("setsid", ["--ctty", file, ...args], common);
  } catch (error) {
    for (const pipe of [input, output, errors]) closePipe(pipe);
    throw error;
  }
  for (const end of childEnds) closeSync(end);
  const isTerminal = keyboard !== undefined;
  return {
    ends: {
      output: output.readEnd,
      errors: errors.readEnd,
      terminal: isTerminal ? input.writeEnd : undefined,
    },
    program,
    stopInput: relayInput(streams, input.writeEnd, isTerminal),
    output: new OutputRelay(output.readEnd, streams.stdout),
    errors: new OutputRelay(errors.readEnd, streams.stderr),
  };
}

function relayInput({ stdin, through }: RelayedStreams, writeEnd: number, isTerminal: boolean): Started["stopInput"] {
  if (stdin === undefined) {
    // A terminal lasts as long as this end.
    if (!isTerminal) closeSync(writeEnd);
    return () => {
      if (isTerminal) closeSync(writeEnd);
      return undefined;
    };
  }
  const relay = new InputRelay(stdin, pipeWriter(writeEnd, isTerminal), through);
  return () => {
    relay.stop();
    return relay.failure;
  };
}

/** One for each standard stream, or none at all; `input` is in place of the first. */
function openPipes(input: Pipe | undefined): readonly [Pipe, Pipe, Pipe] {
  const opened: Pipe[] = input === undefined ? [] : [input];
  try {
    while (opened.length < 3) opened.push(openPipe());
    return opened as [Pipe, Pipe, Pipe];
  } catch (error) {
    for (const pipe of opened) closePipe(pipe);
    throw error;
  }
}

function lost(what: "input" | "output", cause: Error): TsdError {
  return new TsdError({
    kind: "runtime",
    code: what === "input" ? "TSD_RUNTIME_INPUT_LOST" : "TSD_RUNTIME_OUTPUT_LOST",
    message: `the command's ${what} cannot be ${what === "input" ? "read" : "written"}: ${cause.message}`,
    hint: "The command has ended; see what it has done before it is run again.",
    cause,
  });
}

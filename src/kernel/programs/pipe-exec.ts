import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { missingProgram } from "./exec.js";
import { inheritance } from "./inheritance.js";

export interface PipeExecOptions {
  /** Added to the environment of the calling process. */
  readonly env?: Readonly<Record<string, string>>;
  /** File mode creation mask of the program (`umask(2)`); default the caller's. */
  readonly umask?: number;
}

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

/** How a program ended: `exit` is undefined after a signal or when it could not be started. */
interface Ending {
  readonly exit: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string;
  readonly startError: NodeJS.ErrnoException | undefined;
}

const STDERR_KEPT = 65_536;

/**
 * Runs a program to its end with `input` as its standard input, without a shell and without a time limit, since the
 * input sets the pace; what it writes to standard output is dropped. A program that stops reading early ends the input.
 * Throws what `input` throws; `unsupported` where the program is missing; `runtime` with the first line of its standard
 * error (all of it under `details.stderr`) where it fails.
 */
export async function pipeExec(
  file: string,
  args: readonly string[],
  input: AsyncIterable<Uint8Array>,
  options: PipeExecOptions = {},
): Promise<void> {
  await boundaryOperation({ into: "program", what: () => [file, ...args].join(" ") }, async () => {
    const program = launch(file, args, options);
    const ended = ending(program);
    program.stdout.resume();
    const inputError = await feed(input, program.stdin);
    if (inputError !== undefined) program.kill();
    const how = await ended;
    if (inputError !== undefined) throw inputError;
    throwFailure(file, args, how);
  });
}

/**
 * Runs `input` through a program and yields what it writes. Throws as {@link pipeExec}, after the last output. The
 * program is ended when the consumer stops early.
 */
export async function* filterExec(
  file: string,
  args: readonly string[],
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const program = launch(file, args, {});
  const ended = ending(program);
  const feeding = feed(input, program.stdin);
  try {
    for await (const chunk of program.stdout) yield chunk as Buffer;
    const inputError = await feeding;
    if (inputError !== undefined) throw inputError;
    throwFailure(file, args, await ended);
  } finally {
    program.kill();
    await Promise.all([feeding, ended]);
  }
}

function launch(file: string, args: readonly string[], options: PipeExecOptions): Program {
  const mask = options.umask === undefined ? undefined : process.umask(options.umask);
  try {
    return spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: inheritance(options.env) });
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
}

function ending(program: Program): Promise<Ending> {
  return new Promise((resolve) => {
    let stderr = "";
    let startError: NodeJS.ErrnoException | undefined;
    program.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < STDERR_KEPT) stderr += text;
    });
    program.on("error", (error) => {
      startError = error;
    });
    program.on("close", (code, signal) => {
      resolve({ exit: startError ? undefined : (code ?? undefined), signal: signal ?? undefined, stderr, startError });
    });
  });
}

/** Returns the input's own error. A program that closed its end is no error of the input: its exit code shows it. */
async function feed(input: AsyncIterable<Uint8Array>, stdin: Writable): Promise<unknown> {
  let inputError: unknown;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* input;
    } catch (error) {
      inputError = error;
      throw error;
    }
  }
  await pipeline(watched, stdin).catch(() => undefined);
  return inputError;
}

function throwFailure(file: string, args: readonly string[], how: Ending): void {
  if (how.exit === 0) return;
  if (how.startError?.code === "ENOENT") throw missingProgram(file);
  const said = how.stderr.trim().split("\n")[0] || how.startError?.message || how.signal || `exit code ${how.exit}`;
  throw new TsdError({
    kind: "runtime",
    code: "TSD_EXEC_FAILED",
    message: `${file} failed: ${said}`,
    details: { argv: [file, ...args], exitCode: how.exit, signal: how.signal, stderr: how.stderr },
    cause: how.startError,
  });
}

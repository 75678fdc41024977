import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Duplex, Readable } from "node:stream";
import { boundaryOperation } from "../boundary-operation.js";
import { missingProgram } from "./exec.js";
import { inheritance } from "./inheritance.js";

/** How a program ended, whatever its exit code. */
export interface ProgramEnd {
  /** 128 + n after signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that reports on descriptor 3 and may live on by itself afterwards. */
export interface Reporter {
  /** The first line the program wrote to descriptor 3, without its newline; undefined if it closed it before. */
  readonly report: Promise<string | undefined>;
  /** Settles when everybody has closed descriptor 3. The calling process does not stay alive for it unless asked. */
  readonly closed: Promise<void>;
  /** All that was written to standard error until everybody had closed it. */
  readonly errors: Promise<string>;
  /** Keeps the calling process alive until {@link Reporter.closed}. */
  readonly hold: () => void;
}

export interface ReporterOptions {
  readonly cwd: string;
  /** Added to the environment of the calling process. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a short program to its end, without a shell, and collects its output. Throws `unsupported` where it is missing. */
export async function collect(
  file: string,
  args: readonly string[],
  { reads = false }: { readonly reads?: boolean } = {},
): Promise<ProgramEnd> {
  return boundaryOperation({ into: "program", what: () => [file, ...args].join(" "), reads }, async () => {
    const program = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: inheritance() });
    const stdout = gather(program.stdout);
    const stderr = gather(program.stderr);
    const code = await ending(program, file, "close");
    return { code, stdout: stdout(), stderr: stderr() };
  });
}

/**
 * Starts a program in a session of its own, so that the terminal's signals pass it by, with a stream on descriptor 3.
 * Throws `unsupported` where it is missing.
 */
export async function spawnReporter(
  file: string,
  args: readonly string[],
  { cwd, env }: ReporterOptions,
): Promise<Reporter> {
  const program = spawn(file, args, {
    cwd,
    env: inheritance(env),
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  await new Promise((resolve, reject) => {
    program.once("spawn", resolve);
    program.once("error", (error) => reject(startError(error, file)));
  });
  const stderr = gather(program.stderr);
  const errors = new Promise<string>((resolve) => program.stderr?.once("close", () => resolve(stderr())));
  const channel = program.stdio[3] as Duplex & { ref(): void; unref(): void };
  const closed = new Promise<void>((resolve) => channel.once("close", resolve));
  const report = firstLine(channel, closed).then((line) => {
    program.unref();
    channel.unref();
    return line;
  });
  return { report, closed, errors, hold: () => channel.ref() };
}

/** Reads on after the line, since an end of file is only seen by a stream that flows. */
function firstLine(channel: Duplex, closed: Promise<void>): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    channel.setEncoding("utf8");
    channel.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    // A program that dies with unread input of its own resets the channel; the line that is missing says enough.
    channel.on("error", () => undefined);
    void closed.then(() => resolve(undefined));
  });
}

function gather(stream: Readable | null): () => string {
  let text = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** `close` comes after the last output, `exit` does not wait for it. */
export function ending(program: ChildProcess, file: string, event: "close" | "exit"): Promise<number> {
  return new Promise((resolve, reject) => {
    program.once("error", (error) => reject(startError(error, file)));
    program.once(event, (code: number | null, signal: NodeJS.Signals | null) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function startError(error: NodeJS.ErrnoException, file: string): Error {
  return error.code === "ENOENT" ? missingProgram(file) : error;
}

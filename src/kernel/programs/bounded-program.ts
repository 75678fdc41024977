import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { Writable } from "node:stream";
import { inheritance } from "./inheritance.js";
import { withMemoryFile } from "./memory-file.js";
import { OutputRelay } from "./output-relay.js";
import { openPipe } from "./pipe.js";
import { ending } from "./spawn.js";

/** No time of its own, and SIGKILL when it is over. */
const UNTIL_SIGALRM = ["timeout", "--signal", "KILL", "0"];

export interface BoundedProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** All of it, but for PATH, which is the caller's. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of standard output: a program that writes more is ended. */
  readonly longestOutput: number;
  /** Bytes of standard error that are kept; the rest is dropped. */
  readonly longestErrors: number;
}

export interface BoundedEnd {
  /** 128 + n after signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The bound for which it was killed; absent where it ended by itself. */
  readonly exceeded?: "time" | "output";
}

/**
 * Runs a program that is not trusted to end, nor to be brief: beyond a bound it is killed with its process group. It is over
 * when it exits, whatever the processes that it leaves still hold, and these live on. Until then neither it nor its process group
 * outlives the calling process: they would work against the command that undoes their work after a crash. The kernel's signal for
 * that (PR_SET_PDEATHSIG, prctl(2)) reaches a direct child alone. This is timeout(1), which waits in the same group: at SIGALRM its
 * time is over, and it kills the group. A process in a session of its own is a daemon, and out of reach. Throws `unsupported` where
 * setpriv is missing.
 */
export async function runBounded(bounded: BoundedProgram): Promise<BoundedEnd> {
  let exceeded: BoundedEnd["exceeded"];
  let program: ChildProcess | undefined;
  const end = (bound: "time" | "output"): void => {
    exceeded ??= bound;
    killGroup(program);
  };
  const stdout = new Head(bounded.longestOutput, () => end("output"));
  const stderr = new Head(bounded.longestErrors);
  const code = await withMemoryFile(bounded.input, async (stdin) => {
    const output = relayTo(stdout);
    const errors = relayTo(stderr);
    const timer = setTimeout(() => end("time"), bounded.timeout);
    try {
      program = start(bounded, [stdin, output, errors]);
      return await ending(program, "setpriv", "exit");
    } finally {
      clearTimeout(timer);
      await Promise.all([output.relay.finish(), errors.relay.finish()]);
    }
  });
  return { code, stdout: stdout.text(), stderr: stderr.text(), ...(exceeded === undefined ? {} : { exceeded }) };
}

function start({ file, args, env }: BoundedProgram, [stdin, output, errors]: [number, Outlet, Outlet]): ChildProcess {
  const { PATH = "" } = inheritance();
  const argv = ["--pdeathsig", "ALRM", "--", ...UNTIL_SIGALRM, file, ...args];
  const stdio = [stdin, output.writeEnd, errors.writeEnd];
  try {
    return spawn("setpriv", argv, { cwd: "/", detached: true, env: { PATH, ...env }, stdio });
  } finally {
    for (const { writeEnd } of [output, errors]) closeSync(writeEnd);
  }
}

/** A pipe for a program to write to, and what reads it. */
interface Outlet {
  readonly writeEnd: number;
  readonly relay: OutputRelay;
}

function relayTo(target: Head): Outlet {
  const { readEnd, writeEnd } = openPipe();
  return { writeEnd, relay: new OutputRelay(readEnd, () => target) };
}

function killGroup(program: ChildProcess | undefined): void {
  // Once it has ended, its pid may be another's.
  if (program?.pid === undefined || program.exitCode !== null || program.signalCode !== null) return;
  process.kill(-program.pid, "SIGKILL");
}

/** Keeps the first bytes that are written, and takes the others too. */
class Head extends Writable {
  private readonly kept: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly limit: number,
    private readonly onExcess = (): void => undefined,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const room = this.limit - this.size;
    this.kept.push(chunk.subarray(0, room));
    this.size += Math.min(chunk.length, room);
    if (chunk.length > room) this.onExcess();
    done();
  }

  text(): string {
    return Buffer.concat(this.kept).toString("utf8");
  }
}

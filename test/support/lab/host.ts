import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Namespace } from "./namespace.js";
import type { Output, Program, ProgramOptions } from "./program.js";

export interface TsdOptions extends ProgramOptions {
  /** Give it a terminal. */
  readonly tty?: boolean;
  /** Name of the launcher in bin, or the path of another; default `tsd`. */
  readonly launcher?: string;
}

/** A machine as far as tsd can tell: a network namespace with state of its own. */
export class Host extends Namespace {
  /** Value of `TSD_ROOT`. */
  readonly root: string;
  /** Value of `TSD_RUN`. */
  readonly runDirectory: string;
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string>>;

  protected constructor(path: string, directory: string, entries?: readonly string[]) {
    const root = join(directory, "root");
    const runDirectory = join(directory, "run");
    const env = { PATH: process.env.PATH ?? "", HOME: directory, TSD_ROOT: root, TSD_RUN: runDirectory };
    super(path, env, entries);
    this.root = root;
    this.runDirectory = runDirectory;
    this.#directory = directory;
    this.#env = env;
  }

  static async createHost(name: string): Promise<Host> {
    const { path } = await Namespace.create(name);
    return new Host(path, makeStateDirectory());
  }

  /** Runs the built `tsd` on this host, to its end. */
  tsd(args: readonly string[], options: TsdOptions = {}): Promise<Output> {
    return this.run(command(args, options), { ...options, env: { ...this.#env, ...options.env } });
  }

  /** Runs `tsd`, which must succeed, and returns its standard output without the last newline. */
  async mustTsd(args: readonly string[], options: TsdOptions = {}): Promise<string> {
    const output = await this.mustRun(command(args, options), { ...options, env: { ...this.#env, ...options.env } });
    return output.replace(/\n$/, "");
  }

  /** Starts `tsd`, to talk with it. */
  startTsd(args: readonly string[], options: TsdOptions = {}): Program {
    return this.start(command(args, options), { ...options, env: { ...this.#env, ...options.env } });
  }

  /** Removes the state. What runs below it must be gone, and what is mounted, but for the directory of namespaces. */
  async removeState(): Promise<void> {
    await this.run(["umount", "--quiet", join(this.runDirectory, "netns")]);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Returns a directory for the state of a host. */
export function makeStateDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "tsd-host-"));
  for (const name of ["root", "run"]) mkdirSync(join(directory, name));
  return directory;
}

/** `script` from util-linux runs a shell line on a pseudo-terminal of its own, and exits with its code. */
function command(args: readonly string[], { tty = false, launcher = "tsd" }: TsdOptions): readonly string[] {
  const argv = [resolve("bin", launcher), ...args];
  if (!tty) return argv;
  const line = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"];
}

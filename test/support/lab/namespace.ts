import { mustRun, type Output, Program, type ProgramOptions, runProgram } from "./program.js";

/** A network namespace, of the lab's own or of a container. Its programs share the mounts of the test, but for those of a machine. */
export class Namespace {
  constructor(
    readonly path: string,
    private readonly env: Readonly<Record<string, string>> = { PATH: process.env.PATH ?? "" },
    /** What nsenter(1) enters. */
    private readonly entries: readonly string[] = [`--net=${path}`],
  ) {}

  /** Makes a namespace under /run/netns with `lo` up. */
  static async create(name: string): Promise<Namespace> {
    await mustRun(["ip", "netns", "add", name]);
    await mustRun(["ip", "-netns", name, "link", "set", "lo", "up"]);
    return new Namespace(`/run/netns/${name}`);
  }

  /** The namespace of a process. */
  static of(pid: number): Namespace {
    return new Namespace(`/proc/${pid}/ns/net`);
  }

  run(argv: readonly string[], options: ProgramOptions = {}): Promise<Output> {
    return runProgram(this.#inside(argv), { env: this.env, ...options });
  }

  mustRun(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
    return mustRun(this.#inside(argv), { env: this.env, ...options });
  }

  start(argv: readonly string[], options: ProgramOptions = {}): Program {
    return new Program(this.#inside(argv), { env: this.env, ...options });
  }

  /** Runs lines of `ip`. */
  async ip(...lines: readonly string[]): Promise<void> {
    await this.mustRun(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
  }

  // Not `ip netns exec`: that takes a mount namespace of its own, in which what tsd mounts would vanish with it.
  #inside(argv: readonly string[]): readonly string[] {
    return ["nsenter", ...this.entries, "--", ...argv];
  }
}

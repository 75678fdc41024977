import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Host } from "./host.js";
import type { Output, Program, ProgramOptions } from "./program.js";

/** Milliseconds after which what a failed test left running ends. */
const LIFE = 120_000;

/** In a mount namespace of its own: what is unpacked lies over /usr, and what is written to /etc and /var is gone with it. */
const lay = `
mount -t tmpfs tmpfs "$1"
for place in usr etc var; do
  mkdir -p "$1/$place" "$1/$place.work"
  lower=/$place; [ -d "$2/$place" ] && lower=$2/$place:/$place
  mount -t overlay -o "lowerdir=$lower,upperdir=$1/$place,workdir=$1/$place.work" overlay "/$place"
done
eval "$3"
echo ready
exec cat
`;

/** A host on which the packages of script/unpack are as if they were installed. */
export class Overlaid {
  private constructor(
    private readonly host: Host,
    private readonly directory: string,
    private readonly keeper: Program,
  ) {}

  /** `unpacked` is a folder of .runtime. `prepare` are lines of a shell for the namespace that is new. */
  static async install(host: Host, unpacked: string, prepare = ""): Promise<Overlaid> {
    const directory = mkdtempSync(join(tmpdir(), "overlaid-"));
    const words = [directory, resolve(".runtime", unpacked), prepare];
    const argv = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", lay, "sh", ...words];
    const keeper = host.start(argv, { timeout: LIFE });
    await keeper.saying("ready");
    return new Overlaid(host, directory, keeper);
  }

  /** Runs a program that sees them, to its end. */
  run(argv: readonly string[], options: ProgramOptions = {}): Promise<Output> {
    return this.host.run(this.inside(argv), this.with(options));
  }

  mustRun(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
    return this.host.mustRun(this.inside(argv), this.with(options));
  }

  start(argv: readonly string[], options: ProgramOptions = {}): Program {
    return this.host.start(this.inside(argv), { timeout: LIFE, ...this.with(options) });
  }

  /** Writes a program that others find by its name. */
  async addProgram(path: string, script: string): Promise<void> {
    await this.mustRun(["sh", "-ec", 'cat >"$1"; chmod +x "$1"', "sh", path], { input: script });
  }

  async remove(): Promise<void> {
    this.keeper.closeInput();
    await this.keeper.ended;
    rmSync(this.directory, { recursive: true });
  }

  private with(options: ProgramOptions): ProgramOptions {
    const { root, runDirectory } = this.host;
    const env = { PATH: process.env.PATH ?? "", HOME: this.directory, TSD_ROOT: root, TSD_RUN: runDirectory };
    return { ...options, env: { ...env, ...options.env } };
  }

  private inside(argv: readonly string[]): readonly string[] {
    return ["nsenter", `--mount=/proc/${this.keeper.pid}/ns/mnt`, "--", ...argv];
  }
}

import { basename } from "node:path";
import { collect } from "../kernel/spawn.js";
import type { Bundle } from "./bundle.js";
import { type Cgroups, UNIFIED_TREE } from "./cgroup-mode.js";
import { runtimeFailure } from "./runtime-failure.js";

export type Argv = readonly [string, ...string[]];

/** An installed OCI runtime, as this machine's cgroups let it be called. */
export class RuntimeProgram {
  readonly name: string;

  constructor(
    private readonly path: string,
    private readonly cgroups: Cgroups,
  ) {
    this.name = basename(path);
  }

  /** The program with its leading arguments; a command and its arguments follow. */
  argv(bundle: Bundle): Argv {
    const disabled = this.isCrun() && this.cgroups.mode === "none" ? ["--cgroup-manager=disabled"] : [];
    return [this.path, "--root", bundle.state, ...disabled];
  }

  /**
   * As {@link argv}, for `create`. crun 1.8 refuses to make a container while a version 2 tree with controllers is mounted
   * beside version 1. It is hidden from crun in a mount namespace of its own, which the container's is then a copy of; the
   * machine's mounts stay. The other commands do not look.
   */
  createArgv(bundle: Bundle): Argv {
    if (!this.isCrun() || this.cgroups.mode !== "hybrid") return this.argv(bundle);
    const script = `umount -l ${UNIFIED_TREE} && exec "$0" "$@"`;
    return ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", script, ...this.argv(bundle)];
  }

  /** Throws `runtime` with what the program said. */
  async run(bundle: Bundle, action: string, ...args: readonly string[]): Promise<void> {
    const [path, ...leading] = this.argv(bundle);
    const { code, stderr } = await collect(path, [...leading, ...args]);
    if (code === 0) return;
    throw runtimeFailure({ runtime: this.name, action: `${action} container ${bundle.id.slice(0, 12)}`, stderr });
  }

  /** Any build of crun, such as /opt/crun-1.20. */
  private isCrun(): boolean {
    return this.name.startsWith("crun");
  }
}

/** The version a program reports, `1.8.1`. */
export async function programVersion(path: string): Promise<string> {
  const { stdout } = await collect(path, ["--version"]);
  return /version (\S+)/.exec(stdout)?.[1] ?? "unknown";
}

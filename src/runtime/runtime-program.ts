import { statSync } from "node:fs";
import { basename } from "node:path";
import { collect } from "../kernel/programs/spawn.js";
import type { Bundle } from "./bundle.js";
import { CGROUP_ROOT, type Cgroups, hasGroups, UNIFIED_TREE } from "./cgroup-mode.js";
import { runtimeFailure } from "./runtime-failure.js";

export type Argv = readonly [string, ...string[]];

/** An installed OCI runtime, as this machine's cgroups let it be called. */
export class RuntimeProgram {
  readonly name: string;

  constructor(
    readonly path: string,
    private readonly cgroups: Cgroups,
  ) {
    this.name = basename(path);
  }

  /**
   * True for crun and runc: of a container that is dead they keep the files of its bundle and its control groups, and no more,
   * since its configuration has no hooks. So there is nothing that only they can remove. Others may keep a virtual machine.
   */
  get keepsOnlyFiles(): boolean {
    return this.isCrun() || this.name.startsWith("runc");
  }

  /**
   * The program with its leading arguments; a command and its arguments follow. crun 1.8 wants something it knows mounted
   * where cgroups are, so where nothing is, it is shown an empty directory as version 1 has it. `state`: another path to that of the bundle.
   */
  argv(bundle: Bundle, state = bundle.state): Argv {
    const disabled = this.isCrun() && !hasGroups(this.cgroups) ? ["--cgroup-manager=disabled"] : [];
    const argv: Argv = [this.path, "--root", state, ...disabled];
    if (!this.isCrun() || this.cgroups.mode !== "absent") return argv;
    return inMountNamespace(`mount -t tmpfs tmpfs ${CGROUP_ROOT}`, argv);
  }

  /**
   * As {@link argv}, for `create`. crun 1.8 refuses to make a container while a version 2 tree with controllers is mounted
   * beside version 1, so that tree is hidden from it. The other commands do not look.
   */
  createArgv(bundle: Bundle): Argv {
    const argv = this.argv(bundle);
    if (!this.isCrun() || this.cgroups.mode !== "hybrid") return argv;
    return inMountNamespace(`umount -l ${UNIFIED_TREE}`, argv);
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

/** Runs a program after a change of mounts that it alone sees, and the container that is made from its view; unshare(1). */
function inMountNamespace(change: string, argv: Argv): Argv {
  return ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", `${change} && exec "$0" "$@"`, ...argv];
}

/** Versions by program and file: a process that stays asks each file once. */
const versions = new Map<string, Promise<string>>();

/** The version a program reports, `1.8.1`. */
export function programVersion(path: string): Promise<string> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return askVersion(path);
  const file = [path, status.ino, status.mtimeMs, status.size].join(" ");
  const known = versions.get(file) ?? askVersion(path);
  versions.set(file, known);
  known.catch(() => versions.delete(file));
  return known;
}

async function askVersion(path: string): Promise<string> {
  const { stdout } = await collect(path, ["--version"], { reads: true });
  return /version (\S+)/.exec(stdout)?.[1] ?? "unknown";
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { read } from "./command.ts";

const INSIDE = "TSD_BENCH_INSIDE";

/** Longest a whole run may take, in seconds. */
const LIMIT = 1200;

/** Whether this process is already in a world of its own. */
export function isInsideWorld(): boolean {
  return process.env[INSIDE] === "1";
}

/**
 * Runs this program again in private network, mount, process, IPC and host name namespaces, which end with it, and returns
 * its exit code. Nothing of the machine's own network is seen or touched from inside.
 */
export function enterWorld(script: string, args: readonly string[]): number {
  const { status, error } = spawnSync(
    "timeout",
    [
      ...["--kill-after=10", String(LIMIT)],
      ...[
        "unshare",
        "-n",
        "-m",
        "-p",
        "-i",
        "-u",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--propagation",
        "private",
      ],
      ...[process.execPath, script, ...args],
    ],
    { stdio: "inherit", env: { ...process.env, [INSIDE]: "1" } },
  );
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** Directories that container engines write to or are in; over each lies a layer that is gone with the world. */
const COVERED = ["etc", "var", "opt", "usr"];

/**
 * Makes the inside fit for container engines: /run of its own, covered directories, in which those that script/ecosystems
 * unpacked are as if they were installed, loopback up. The unified cgroup hierarchy goes where v1 controllers are mounted
 * beside it: crun refuses the mixture.
 */
export function furnishWorld(project: string): void {
  read(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
  for (const path of ["/run/netns", "/run/lock", "/run/home"]) mkdirSync(path, { recursive: true });
  for (const name of COVERED) {
    const [upper, work] = [`/run/cover/${name}.upper`, `/run/cover/${name}.work`];
    mkdirSync(upper, { recursive: true });
    mkdirSync(work, { recursive: true });
    const unpacked = join(project, ".runtime/ecosystems", name);
    const lower = existsSync(unpacked) ? `${unpacked}:/${name}` : `/${name}`;
    read([
      "mount",
      "-t",
      "overlay",
      "overlay",
      "-o",
      `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
      `/${name}`,
    ]);
  }
  if (existsSync("/sys/fs/cgroup/unified")) read(["umount", "/sys/fs/cgroup/unified"]);
  read(["ip", "link", "set", "lo", "up"]);
}

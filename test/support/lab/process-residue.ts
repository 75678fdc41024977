import { existsSync, globSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Host } from "./host.js";

/** Names the boot; see random(4). A power cut of the lab mounts another over it. */
export const bootId = "/proc/sys/kernel/random/boot_id";

/** Processes of the host's tsd, mounts, this process's own sockets and namespaces, and containers' cgroups. */
export function processResidue(host: Host): readonly string[] {
  return [...processes(host), ...mounts(), ...descriptors(), ...cgroups(host)];
}

/** Processes that name the host's state in their arguments or environment, or have it mounted in a place of their own. */
export function processes(host: Host): readonly string[] {
  const ownMounts = linkOf("/proc/self/ns/mnt");
  const state = [host.root, host.runDirectory];
  const isOurs = (text: string): boolean => state.some((path) => text.includes(path));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = textOf(`/proc/${pid}/cmdline`);
      const elsewhere = linkOf(`/proc/${pid}/ns/mnt`) !== ownMounts;
      const mounted = elsewhere ? textOf(`/proc/${pid}/mountinfo`) : "";
      if (![command, textOf(`/proc/${pid}/environ`), mounted].some(isOurs)) return [];
      return [`process ${pid} ${command.replaceAll("\0", " ").trim()}`];
    });
}

/**
 * See proc_pid_mountinfo(5). Optional fields end with a lone `-`, after which the type stands. Not what a power cut of the
 * lab put there.
 */
export function mounts(): readonly string[] {
  return textOf("/proc/self/mountinfo")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      return `mount ${after.split(" ")[0]} on ${before.split(" ")[4]}`;
    })
    .filter((line) => !line.endsWith(bootId));
}

function descriptors(): readonly string[] {
  return readdirSync("/proc/self/fd")
    .map((descriptor) => linkOf(`/proc/self/fd/${descriptor}`))
    .filter((target) => /^(socket|net|mnt|pid):/.test(target))
    .map((target) => `descriptor ${target}`);
}

/** Cgroups of containers that the host has ever had, `tsd-<id>` in each hierarchy. Every namespace shares them all. */
export function cgroups({ root }: Host): readonly string[] {
  const ids = new Set(containersEver(`${root}/state.db`));
  return globSync("/sys/fs/cgroup/{,*/}tsd-*")
    .filter((path) => ids.has(basename(path).slice("tsd-".length)))
    .map((path) => `cgroup ${path}`);
}

/** Ids out of the log of changes, which keeps some thousands. */
function containersEver(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    const rows = database.prepare("SELECT DISTINCT row_id FROM changes WHERE kind = 'container'").all();
    return rows.map(({ row_id }) => String(row_id));
  } finally {
    database.close();
  }
}

/** Empty where the process or the file has gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

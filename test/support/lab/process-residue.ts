import { existsSync, globSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { Host } from "./host.js";
import { bootId } from "./reboot.js";

/** Processes of the host's tsd, mounts, this process's own sockets and namespaces, and containers' cgroups. */
export function processResidue(host: Host): readonly string[] {
  return [...processes(host), ...mounts(), ...descriptors(), ...cgroups()];
}

/** Processes that name the host's state in their arguments or environment, or have it mounted in a place of their own. */
function processes(host: Host): readonly string[] {
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
function mounts(): readonly string[] {
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

/**
 * Containers' cgroups that hold nobody, `tsd-<id>` in each hierarchy. Every namespace shares them, and one with a process
 * may be another host's; ours would be among the processes too.
 */
function cgroups(): readonly string[] {
  return globSync("/sys/fs/cgroup/{,*/}tsd-*/cgroup.procs")
    .filter((file) => textOf(file).trim() === "")
    .map((file) => dirname(file))
    .filter((path) => existsSync(path))
    .map((path) => `cgroup ${path}`);
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

import type { Bind, Confinement, Tmpfs } from "../contracts/index.js";
import type { OciMount } from "./oci-config.js";
import { isWithin } from "./read-only-binds.js";

/** Shown as empty: they reveal the whole machine, or crash it. */
export const maskedPaths: readonly string[] = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/devices/virtual/powercap",
  "/sys/firmware",
];

/** Kernel settings beyond the container's own. */
export const readonlyPaths: readonly string[] = [
  "/proc/bus",
  "/proc/fs",
  "/proc/irq",
  "/proc/sys",
  "/proc/sysrq-trigger",
];

/** What of a container decides which file systems it has. */
export interface MountRequest {
  readonly binds: readonly Bind[];
  readonly tmpfs: readonly Tmpfs[];
  /** Of the binds those that are read-only with all that the host has mounted below them. */
  readonly deep: readonly Bind[];
  readonly cgroups: boolean;
  readonly confinement: Pick<Confinement, "privileged" | "shm">;
  /** Bytes of /dev/shm. */
  readonly shmSize: number | undefined;
}

/**
 * The file systems every Linux program expects (runtime-spec, config-linux.md "Default Filesystems") and the binds, outer ones
 * before those within them. A bind takes the place of what would be at its target or below.
 */
export function mounts(request: MountRequest): readonly OciMount[] {
  const { binds, tmpfs, deep } = request;
  const own = [...binds.map((bind) => bindMount(bind, deep.includes(bind))), ...tmpfs.map(tmpfsMount)];
  const standard = standardMounts(request).filter(
    (mount) => !own.some(({ destination }) => isWithin(mount.destination, destination)),
  );
  return [...standard, ...own].sort((one, other) => depth(one) - depth(other));
}

function standardMounts({ cgroups, confinement, shmSize }: MountRequest): readonly OciMount[] {
  const mount = (destination: string, type: string, source: string, ...options: string[]): OciMount => ({
    destination,
    type,
    source,
    options,
  });
  const access = confinement.privileged ? "rw" : "ro";
  return [
    mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
    mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    // Group 5 is tty on Debian, Alpine and Fedora alike; posix_openpt(3) needs it for unprivileged users.
    mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
    ...sharedMemory(confinement.shm, shmSize),
    mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
    mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access),
    ...(cgroups ? [mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", access)] : []),
  ];
}

/** As docker's. */
const SHM_SIZE = 64 * 1024 * 1024;

function sharedMemory(shared: string | undefined, size = SHM_SIZE): readonly OciMount[] {
  if (shared === "none") return [];
  const place = { destination: "/dev/shm" };
  const options = ["nosuid", "noexec", "nodev"];
  if (shared !== undefined)
    return [{ ...place, type: "bind", source: shared, options: ["rbind", "rprivate", ...options] }];
  return [{ ...place, type: "tmpfs", source: "shm", options: [...options, "mode=1777", `size=${size}`] }];
}

/** Private unless it is asked for, so that what the host mounts later stays the host's. */
function bindMount(bind: Bind, isDeep: boolean): OciMount {
  const { source, target, readOnly, propagation = "rprivate", nonRecursive } = bind;
  const access = readOnly ? ["ro", ...(isDeep ? ["rro"] : [])] : ["rw"];
  return {
    destination: target,
    type: "bind",
    source,
    options: [nonRecursive ? "bind" : "rbind", propagation, ...access],
  };
}

function tmpfsMount({ target, options }: Tmpfs): OciMount {
  return { destination: target, type: "tmpfs", source: "tmpfs", options };
}

/** What the container's root is to the host's mounts, so that a bind can be it to those below its source; undefined: nothing. */
export function rootPropagation(binds: readonly Bind[]): "shared" | "rslave" | undefined {
  const asked = binds.map(({ propagation = "" }) => propagation);
  if (asked.some((word) => word.endsWith("shared"))) return "shared";
  return asked.some((word) => word.endsWith("slave")) ? "rslave" : undefined;
}

function depth({ destination }: OciMount): number {
  return destination.split("/").length;
}

import type { Bind } from "../api/index.js";
import type { OciMount } from "./oci-config.js";

/** Shown as empty: they tell about the whole machine, or crash it. */
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

/** The file systems every Linux program expects (runtime-spec, config-linux.md "Default Filesystems"), then the binds. */
export function mounts(binds: readonly Bind[], cgroups: boolean): readonly OciMount[] {
  const mount = (destination: string, type: string, source: string, ...options: string[]): OciMount => ({
    destination,
    type,
    source,
    options,
  });
  return [
    mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
    mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    // Group 5 is tty on Debian, Alpine and Fedora alike; posix_openpt(3) needs it for unprivileged users.
    mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
    mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
    mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
    mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
    ...(cgroups ? [mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro")] : []),
    ...binds.map(({ source, target, readOnly }) =>
      mount(target, "bind", source, "rbind", "rprivate", readOnly ? "ro" : "rw"),
    ),
  ];
}

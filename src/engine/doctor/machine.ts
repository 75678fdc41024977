import type { Finding } from "../../api/index.js";
import type { ChangeLog, Platform } from "../../contracts/index.js";
import { findingsOf } from "./findings-of.js";

/** What tsd cannot do without, beside the runtime and the packet filter, which say themselves what they lack. */
export async function missingPrograms(host: Pick<Platform, "requireProgram">): Promise<readonly Finding[]> {
  const programs = ["conmon", "tar"];
  const findings = programs.map((program) =>
    findingsOf(async () => {
      await host.requireProgram(program);
      return [];
    }),
  );
  return (await Promise.all(findings)).flat();
}

/** What a runtime says of itself, see {@link Runtime.versions}. */
export function ungroupedContainers({ cgroups }: Readonly<Record<string, string>>): readonly Finding[] {
  if (cgroups !== "none" && cgroups !== "absent") return [];
  return [
    {
      problem: "no hierarchy of control groups that may be written to is mounted, so that containers cannot be limited",
      remedy: "Mount one: mount -t cgroup2 cgroup2 /sys/fs/cgroup",
      harmless: true,
    },
  ];
}

/** Tunnels are for hosts of a cluster alone. */
export function missingFeatures(host: Pick<Platform, "missingFeatures">, isClustered: boolean): readonly Finding[] {
  const missing = host.missingFeatures().filter(({ module }) => isClustered || module !== "vxlan");
  return missing.map(({ name, module, config }) => ({
    problem: `this kernel has no ${name}`,
    remedy: `${module === undefined ? "" : `Load it (modprobe ${module}), or `}use a kernel with ${config}.`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
  }));
}

/** It distinguishes processes from those before a reboot. */
export function unreadableBootId(host: Pick<Platform, "parameter">): readonly Finding[] {
  const key = "kernel/random/boot_id";
  if (/^[0-9a-f-]{36}$/.test(host.parameter(key) ?? "")) return [];
  return [
    {
      problem: `/proc/sys/${key} cannot be read, without which what dead processes left half-done cannot be told from what living ones do`,
      remedy: "Let tsd see the host's /proc, mounted whole.",
    },
  ];
}

/** Milliseconds that two looks at the clock may differ. */
const TOLERANCE = 1000;

/** The log is in the order of events, whatever their times say. */
export function backwardClock(changes: Pick<ChangeLog, "newest" | "after">, now: Date): readonly Finding[] {
  const [newest] = changes.after(changes.newest() - 1);
  if (newest === undefined || Date.parse(newest.time) <= now.getTime() + TOLERANCE) return [];
  return [
    {
      problem: `it is ${now.toISOString()} by the clock, and the newest change was at ${newest.time}: the clock has run backward`,
      remedy: "Set the clock, and let it be kept: timedatectl set-ntp true",
    },
  ];
}

import type { ContainerLimits } from "../api/index.js";
import type { Confinement } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { CGROUP_ROOT, type Cgroups, hasController, hasGroups } from "./cgroup-mode.js";

/** Throws `unsupported` for a limit that this machine cannot keep. */
export function requireLimits(limits: ContainerLimits, cgroups: Cgroups): void {
  for (const { what, keys, controller } of controllers) {
    const value = keys.map((key) => limits[key]).find((one) => one !== undefined && one !== 0 && one !== -1);
    if (value !== undefined && !hasController(cgroups, controller)) throw noController(what, value, controller);
  }
  const { memorySwap, memory, memorySwappiness = -1, oomKillDisable } = limits;
  const limitsSwap = memorySwap !== undefined && memorySwap > 0 && memorySwap !== memory;
  if (limitsSwap && !cgroups.swap)
    throw lacks("--memory-swap", "does not count swap", "swapaccount=1 among its options");
  if (cgroups.mode !== "unified") return;
  const ofVersion1 = "has version 2 of control groups, where there is no such thing";
  if (memorySwappiness >= 0) throw lacks("--memory-swappiness", ofVersion1);
  if (oomKillDisable) throw lacks("--oom-kill-disable", ofVersion1);
}

/**
 * Throws `unsupported` for a container in another's or the host's pid namespace where it would have no control group: its
 * processes then do not end with its first, and nothing else lists them.
 */
export function requireGroups({ pid }: Pick<Confinement, "pid">, cgroups: Cgroups): void {
  if (pid === "own" || hasGroups(cgroups)) return;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_LIMIT_UNSUPPORTED",
    message: "--pid cannot be had: without writable control groups tsd could not end what the container leaves running",
    hint: `Leave it out, or mount control groups below ${CGROUP_ROOT}.`,
  });
}

type NumericKey = {
  [K in keyof ContainerLimits]-?: ContainerLimits[K] extends number | string | undefined ? K : never;
};

/** Which controller keeps each limit; cgroups(7). */
const controllers: readonly {
  readonly what: string;
  readonly keys: readonly NumericKey[keyof ContainerLimits][];
  readonly controller: string;
}[] = [
  { what: "memory", keys: ["memory", "memoryReservation"], controller: "memory" },
  { what: "processor time", keys: ["cpus", "cpuQuota", "cpuPeriod", "cpuShares"], controller: "cpu" },
  { what: "the set of processors", keys: ["cpuset", "cpusetMems"], controller: "cpuset" },
  { what: "the number of processes", keys: ["pidsLimit"], controller: "pids" },
  { what: "the weight of input and output", keys: ["blkioWeight"], controller: "blkio" },
];

function noController(what: string, value: number | string, controller: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_LIMIT_UNSUPPORTED",
    message: `cannot limit ${what} to ${value}: this machine has no writable cgroup controller "${controller}"`,
    hint: `Leave the limit out, or mount the controller below ${CGROUP_ROOT}.`,
    details: { controller, value },
  });
}

function lacks(flag: string, why: string, boot?: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_LIMIT_UNSUPPORTED",
    message: `${flag} cannot be had: this machine's kernel ${why}`,
    hint: boot === undefined ? "Leave it out." : `Leave it out, or boot the kernel with ${boot}.`,
    details: { flag },
  });
}

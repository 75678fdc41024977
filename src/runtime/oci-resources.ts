import type { ContainerLimits } from "../api/index.js";
import { type Cgroups, hasController } from "./cgroup-mode.js";
import type { OciDeviceRule, OciResources } from "./oci-config.js";

/** Microseconds over which processor time is counted; the kernel's own default. */
const CPU_PERIOD = 100_000;

/** Processes and threads of a container that says nothing: far above what programs need, and where a fork bomb ends. */
const PIDS = 4096;

/** Limits as the kernel counts them, all defaults applied; absent: none, or the kernel's own. */
export interface CgroupValues {
  readonly memory?: number;
  /** Memory and swap together. */
  readonly swap?: number;
  readonly reservation?: number;
  readonly shares?: number;
  readonly quota?: number;
  readonly period?: number;
  readonly cpus?: string;
  readonly mems?: string;
  readonly pids?: number;
  readonly weight?: number;
}

/** A 0 is docker's word for no limit, as −1 is. */
export function cgroupValues(limits: ContainerLimits, cgroups: Cgroups): CgroupValues {
  const { memory, memorySwap, memoryReservation, cpus, cpuset, cpusetMems, cpuShares, blkioWeight } = limits;
  const { cpuQuota, cpuPeriod, pidsLimit = hasController(cgroups, "pids") ? PIDS : 0 } = limits;
  const swap = memorySwap || (memory && cgroups.swap ? 2 * memory : undefined);
  const quota = cpus ? Math.round(cpus * CPU_PERIOD) : cpuQuota;
  const period = cpus ? CPU_PERIOD : cpuPeriod;
  return {
    ...(memory ? { memory } : {}),
    ...(memory && swap ? { swap } : {}),
    ...(memoryReservation ? { reservation: memoryReservation } : {}),
    ...(cpuShares ? { shares: Math.min(Math.max(cpuShares, 2), 262_144) } : {}),
    ...(quota !== undefined && quota > 0 ? { quota } : {}),
    ...(period ? { period } : {}),
    ...(cpuset ? { cpus: cpuset } : {}),
    ...(cpusetMems ? { mems: cpusetMems } : {}),
    ...(pidsLimit > 0 ? { pids: pidsLimit } : {}),
    ...(blkioWeight ? { weight: blkioWeight } : {}),
  };
}

/**
 * What the runtime makes of a container's control group. The weight of input and output is tsd's to write, since runtimes do not
 * know all of the files that kernels have for it.
 */
export function ociResources(
  limits: ContainerLimits,
  cgroups: Cgroups,
  devices: readonly OciDeviceRule[],
): OciResources {
  const { memory, swap, reservation, shares, quota, period, cpus, mems, pids } = cgroupValues(limits, cgroups);
  const { memorySwappiness, oomKillDisable } = limits;
  const ofMemory = {
    ...(memory === undefined ? {} : { limit: memory }),
    ...(swap === undefined ? {} : { swap }),
    ...(reservation === undefined ? {} : { reservation }),
    ...(memorySwappiness === undefined || memorySwappiness < 0 ? {} : { swappiness: memorySwappiness }),
    ...(oomKillDisable ? { disableOOMKiller: true } : {}),
  };
  const ofCpu = {
    ...(shares === undefined ? {} : { shares }),
    ...(quota === undefined ? {} : { quota }),
    ...(period === undefined ? {} : { period }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(mems === undefined ? {} : { mems }),
  };
  return {
    ...(cgroups.deviceRules ? { devices } : {}),
    ...(isEmpty(ofMemory) ? {} : { memory: ofMemory }),
    ...(isEmpty(ofCpu) ? {} : { cpu: ofCpu }),
    ...(pids === undefined ? {} : { pids: { limit: pids } }),
  };
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

import type { ContainerLimits, Ulimit } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import { type Field, member, readInteger } from "../../contracts/json-field.js";
import { flagOf, integerOf, listOf, numberOf, textOf } from "./fields.js";

/** docker's `NanoCpus`. */
const NANO = 1e9;

/** What of the machine a container may use, by docker's `Resources`. */
export function limitsOf(host: Field): ContainerLimits {
  const swappiness = integerOf(host, "MemorySwappiness");
  const ulimits = listOf(host, "Ulimits", ulimit);
  return {
    ...changedLimitsOf(host),
    ...optional("memorySwappiness", swappiness === -1 ? undefined : swappiness),
    ...optional("oomKillDisable", flagOf(host, "OomKillDisable") ? true : undefined),
    ...optional("oomScoreAdj", numberOf(host, "OomScoreAdj")),
    ...optional("ulimits", ulimits.length === 0 ? undefined : ulimits),
    ...optional("shmSize", numberOf(host, "ShmSize")),
  };
}

/** What `POST /containers/{id}/update` can change as well. */
export function changedLimitsOf(host: Field): ContainerLimits {
  const cpus = numberOf(host, "NanoCpus");
  return {
    ...optional("cpus", cpus === undefined ? undefined : cpus / NANO),
    ...optional("memory", numberOf(host, "Memory")),
    ...optional("memorySwap", numberOf(host, "MemorySwap")),
    ...optional("memoryReservation", numberOf(host, "MemoryReservation")),
    ...optional("cpuShares", numberOf(host, "CpuShares")),
    ...optional("cpuQuota", numberOf(host, "CpuQuota")),
    ...optional("cpuPeriod", numberOf(host, "CpuPeriod")),
    ...optional("cpuset", textOf(host, "CpusetCpus")),
    ...optional("cpusetMems", textOf(host, "CpusetMems")),
    ...optional("pidsLimit", numberOf(host, "PidsLimit")),
    ...optional("blkioWeight", numberOf(host, "BlkioWeight")),
  };
}

function ulimit(field: Field): Ulimit {
  const limit = (name: string): number => readInteger(member(field, name), -1, Number.MAX_SAFE_INTEGER);
  return { name: textOf(field, "Name") ?? "", soft: limit("Soft"), hard: limit("Hard") };
}

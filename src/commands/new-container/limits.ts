import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerLimits } from "../../api/index.js";
import { repeated } from "../definitions.js";
import { parseCpus, parseMemory } from "../flag-values.js";
import { parseUlimit, parseWhole } from "../limit-values.js";
import { optional } from "../optional.js";

/** Limits that can change later too: flags of `create`, `run` and `update`. */
export const changeableLimitFlags = {
  memory: Flags.string({ char: "m", description: "Limit of memory, 512m or 1g.", helpValue: "SIZE" }),
  "memory-swap": Flags.string({
    description: "Limit of memory and swap together; -1 for none. Twice the memory unless said otherwise.",
    helpValue: "SIZE",
  }),
  "memory-reservation": Flags.string({
    description: "Memory to keep when the machine is short of it.",
    helpValue: "SIZE",
  }),
  cpus: Flags.string({ description: "Limit of processor time, 0.5 or 2.", helpValue: "NUMBER" }),
  "cpu-shares": Flags.string({
    char: "c",
    description: "Weight beside other containers when all want the processors; 1024 unless said otherwise.",
    helpValue: "NUMBER",
  }),
  "cpu-quota": Flags.string({ description: "Processor time in each period, in microseconds.", helpValue: "NUMBER" }),
  "cpu-period": Flags.string({ description: "That period, in microseconds.", helpValue: "NUMBER" }),
  "cpuset-cpus": Flags.string({ description: "Processors to run on, 0-2,4.", helpValue: "LIST" }),
  "cpuset-mems": Flags.string({ description: "Memory nodes to use, likewise.", helpValue: "LIST" }),
  "pids-limit": Flags.string({
    description: "Limit of processes and threads; -1 for none. 4096 unless said otherwise.",
    helpValue: "NUMBER",
  }),
  "blkio-weight": Flags.string({
    description: "Weight of input and output beside other containers, 10 to 1000.",
    helpValue: "NUMBER",
  }),
};

/** What of the machine a new container may use. */
export const limitFlags = {
  ...changeableLimitFlags,
  "memory-swappiness": Flags.string({ description: "How readily it is swapped out, 0 to 100.", helpValue: "NUMBER" }),
  "oom-kill-disable": Flags.boolean({ description: "Let it wait at its limit of memory in place of killing it." }),
  "oom-score-adj": Flags.string({
    description: "How readily the kernel kills it when memory is short, -1000 to 1000.",
    helpValue: "NUMBER",
  }),
  ulimit: Flags.string({
    description: "Limit of its processes, nofile=1024:2048; may be repeated.",
    helpValue: "NAME=SOFT[:HARD]",
    ...repeated,
  }),
  "shm-size": Flags.string({ description: "Size of /dev/shm; 64m unless said otherwise.", helpValue: "SIZE" }),
};

/** What `update` can change. */
export function changedLimitsOf(flags: Interfaces.InferredFlags<typeof changeableLimitFlags>): ContainerLimits {
  return {
    ...optional("memory", bytes(flags.memory, "memory")),
    ...optional("memorySwap", bytes(flags["memory-swap"], "memory-swap")),
    ...optional("memoryReservation", bytes(flags["memory-reservation"], "memory-reservation")),
    ...optional("cpus", flags.cpus === undefined ? undefined : parseCpus(flags.cpus)),
    ...optional("cpuShares", whole(flags["cpu-shares"], "cpu-shares")),
    ...optional("cpuQuota", whole(flags["cpu-quota"], "cpu-quota")),
    ...optional("cpuPeriod", whole(flags["cpu-period"], "cpu-period")),
    ...optional("cpuset", flags["cpuset-cpus"]),
    ...optional("cpusetMems", flags["cpuset-mems"]),
    ...optional("pidsLimit", whole(flags["pids-limit"], "pids-limit")),
    ...optional("blkioWeight", whole(flags["blkio-weight"], "blkio-weight")),
  };
}

export function limitsOf(flags: Interfaces.InferredFlags<typeof limitFlags>): ContainerLimits {
  return {
    ...changedLimitsOf(flags),
    ...optional("memorySwappiness", whole(flags["memory-swappiness"], "memory-swappiness")),
    ...optional("oomKillDisable", flags["oom-kill-disable"] ? true : undefined),
    ...optional("oomScoreAdj", whole(flags["oom-score-adj"], "oom-score-adj")),
    ...optional("ulimits", flags.ulimit?.map(parseUlimit)),
    ...optional("shmSize", bytes(flags["shm-size"], "shm-size")),
  };
}

/** A 0 stands for no limit, and so does the −1 of a limit with swap. */
function bytes(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (text === "0" || text === "-1") return Number(text);
  return parseMemory(text, flag);
}

function whole(text: string | undefined, flag: string): number | undefined {
  return text === undefined ? undefined : parseWhole(text, flag);
}

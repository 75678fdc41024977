import { readdirSync, readlinkSync } from "node:fs";
import { totalmem } from "node:os";
import type { RuntimeRun, Usage } from "../contracts/index.js";
import { fileError, isAbsence } from "../kernel/errno.js";
import { namesIn } from "../kernel/files/names-in.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import { CGROUP_ROOT, UNIFIED_TREE } from "./cgroup-mode.js";
import { parseInterfaces } from "./interface-counters.js";
import { cgroupName } from "./oci-spec.js";

/** Groups of one container that are looked through: it may make some itself, as many as it likes. */
const MAX_GROUPS = 1000;

/** Reads the text of a file of one of a container's control groups, of whichever version has it. */
export type ReadGroup = (places: { readonly v1: string; readonly v2: string }) => string | undefined;

/** What a container uses at this moment. */
export function readUsage({ id, process }: RuntimeRun): Usage {
  const name = cgroupName(id);
  const { limit, ...counted } = usageOf(({ v1, v2 }) => {
    const [controller = "", file = ""] = v1.split("/");
    const places = [
      `${CGROUP_ROOT}/${controller}/${name}/${file}`,
      `${CGROUP_ROOT}/${name}/${v2}`,
      `${UNIFIED_TREE}/${name}/${v2}`,
    ];
    for (const place of places) {
      const text = readIfPresent(place);
      if (text !== undefined) return text;
    }
    return undefined;
  });
  return {
    ...counted,
    memoryLimit: Math.min(limit ?? Number.POSITIVE_INFINITY, totalmem()),
    // proc_pid_net(5)
    interfaces: process === undefined ? [] : parseInterfaces(readIfPresent(`/proc/${process.pid}/net/dev`) ?? ""),
  };
}

/** In bytes. */
type Counted = Omit<Usage, "memoryLimit" | "interfaces"> & { readonly limit?: number };

/** By the kernel's Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst. */
export function usageOf(read: ReadGroup): Counted {
  const cpu = processorTime(read);
  const throttling = throttlingOf(read);
  const memory = memoryOf(read);
  const limit = numberIn(read({ v1: "memory/memory.limit_in_bytes", v2: "memory.max" }));
  const pids = numberIn(read({ v1: "pids/pids.current", v2: "pids.current" }));
  return {
    ...(cpu === undefined ? {} : { cpu, ...processorShares(read) }),
    ...(throttling === undefined ? {} : { throttling }),
    ...(memory === undefined ? {} : { memory }),
    ...(limit === undefined ? {} : { limit }),
    ...(pids === undefined ? {} : { pids }),
    ...blockOf(read),
  };
}

/** Pids of a container's processes: those in its control groups, or where it has none, in its pid namespace. */
export function membersOf({ id, process }: RuntimeRun): readonly number[] {
  const name = cgroupName(id);
  const hierarchies = [CGROUP_ROOT, ...namesIn(CGROUP_ROOT).map((hierarchy) => `${CGROUP_ROOT}/${hierarchy}`)];
  for (const hierarchy of hierarchies) {
    const pids = pidsBelow(`${hierarchy}/${name}`);
    if (pids.length > 0) return pids;
  }
  return process === undefined ? [] : inNamespaceOf(process.pid);
}

function pidsBelow(group: string): readonly number[] {
  const pids: number[] = [];
  const groups = [group];
  for (let seen = 0; seen < groups.length && seen < MAX_GROUPS; seen += 1) {
    const path = groups[seen] ?? "";
    const members = readIfPresent(`${path}/cgroup.procs`);
    if (members === undefined) continue;
    // The kernel shows a process that is not seen from here as 0.
    pids.push(...members.split("\n").map(Number).filter(Boolean));
    groups.push(...groupsIn(path));
  }
  return pids.toSorted((a, b) => a - b);
}

/** A container's processes end, and take their groups with them, while they are looked through. */
function groupsIn(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [`${path}/${entry.name}`] : []));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw fileError("read directory", path, error);
  }
}

function inNamespaceOf(pid: number): readonly number[] {
  const namespace = namespaceOf(`${pid}`);
  if (namespace === undefined || namespace === namespaceOf("self")) return [pid];
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name) && namespaceOf(name) === namespace)
    .map(Number);
}

function namespaceOf(process: string): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Nanoseconds. */
function processorTime(read: ReadGroup): number | undefined {
  const text = read({ v1: "cpuacct/cpuacct.usage", v2: "cpu.stat" });
  const microseconds = field(text, "usage_usec");
  return microseconds === undefined ? numberIn(text) : microseconds * 1000;
}

/** Version 1 counts them in ticks of USER_HZ, 100 a second (cpuacct.stat). */
function processorShares(read: ReadGroup): Pick<Usage, "cpuUser" | "cpuKernel"> {
  const text = read({ v1: "cpuacct/cpuacct.stat", v2: "cpu.stat" });
  if (text === undefined) return {};
  const time = (ticks: string, microseconds: string): number =>
    (field(text, ticks) ?? 0) * 1e7 + (field(text, microseconds) ?? 0) * 1000;
  return { cpuUser: time("user", "user_usec"), cpuKernel: time("system", "system_usec") };
}

function throttlingOf(read: ReadGroup): Usage["throttling"] {
  const text = read({ v1: "cpu/cpu.stat", v2: "cpu.stat" });
  const [periods, throttledPeriods] = [field(text, "nr_periods"), field(text, "nr_throttled")];
  if (periods === undefined || throttledPeriods === undefined) return undefined;
  const throttledTime = field(text, "throttled_time") ?? (field(text, "throttled_usec") ?? 0) * 1000;
  return { periods, throttledPeriods, throttledTime };
}

/** As docker: without pages of files that were not used lately. */
function memoryOf(read: ReadGroup): number | undefined {
  const used = numberIn(read({ v1: "memory/memory.usage_in_bytes", v2: "memory.current" }));
  if (used === undefined) return undefined;
  const stat = read({ v1: "memory/memory.stat", v2: "memory.stat" });
  const inactive = field(stat, "total_inactive_file") ?? field(stat, "inactive_file") ?? 0;
  return inactive < used ? used - inactive : used;
}

/** Lines `8:0 Read 4096` in version 1, `8:0 rbytes=4096 wbytes=0 …` in version 2. */
function blockOf(read: ReadGroup): Pick<Usage, "blockRead" | "blockWritten"> {
  const text = read({ v1: "blkio/blkio.throttle.io_service_bytes", v2: "io.stat" });
  if (text === undefined) return {};
  const sum = (pattern: RegExp): number =>
    [...text.matchAll(pattern)].reduce((all, [, bytes]) => all + Number(bytes), 0);
  return {
    blockRead: sum(/(?: Read |\brbytes=)(\d+)/g),
    blockWritten: sum(/(?: Write |\bwbytes=)(\d+)/g),
  };
}

function field(text: string | undefined, name: string): number | undefined {
  return numberIn(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1]);
}

/** Undefined for `max` too, and for the number by which version 1 says that there is no limit. */
function numberIn(text: string | undefined): number | undefined {
  const digits = /^(\d+)\s*$/.exec(text ?? "")?.[1];
  const number = Number(digits);
  return digits === undefined || number >= NO_LIMIT ? undefined : number;
}

/** LONG_MAX in whole pages; no counter comes near to it. */
const NO_LIMIT = 2 ** 62;

import { readFileSync } from "node:fs";

/**
 * How this machine groups processes (cgroups(7)):
 * - `unified`: version 2 alone;
 * - `legacy`: version 1;
 * - `hybrid`: version 1 with controllers in a version 2 tree beside it, which crun refuses up to 1.8 at least;
 * - `none`: no hierarchy that may be written to;
 * - `absent`: not even the place for one is mounted, which crun refuses as well.
 */
type CgroupMode = "unified" | "legacy" | "hybrid" | "none" | "absent";

export interface Cgroups {
  readonly mode: CgroupMode;
  /** `memory`, `cpu`, `cpuset`, `devices`, … */
  readonly controllers: ReadonlySet<string>;
  /** The devices a container may open can be limited. */
  readonly deviceRules: boolean;
  /** Memory and swap together can be limited. */
  readonly swap: boolean;
}

export const CGROUP_ROOT = "/sys/fs/cgroup";
export const UNIFIED_TREE = `${CGROUP_ROOT}/unified`;

/** The files to read: texts of procfs and cgroupfs, empty if they do not exist. */
export interface CgroupFacts {
  /** /proc/self/mounts */
  readonly mounts: string;
  /** /proc/self/status */
  readonly status: string;
  /** /proc/self/limits */
  readonly limits: string;
  /** /sys/fs/cgroup/cgroup.controllers */
  readonly rootControllers: string;
  /** /sys/fs/cgroup/unified/cgroup.controllers */
  readonly unifiedControllers: string;
  /** /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes */
  readonly swapLimit: string;
}

export function readCgroupFacts(): CgroupFacts {
  return {
    mounts: readOrEmpty("/proc/self/mounts"),
    status: readOrEmpty("/proc/self/status"),
    limits: readOrEmpty("/proc/self/limits"),
    rootControllers: readOrEmpty(`${CGROUP_ROOT}/cgroup.controllers`),
    unifiedControllers: readOrEmpty(`${UNIFIED_TREE}/cgroup.controllers`),
    swapLimit: readOrEmpty(`${CGROUP_ROOT}/memory/memory.memsw.limit_in_bytes`),
  };
}

export function detectCgroups(facts: CgroupFacts): Cgroups {
  const found = facts.mounts.split("\n").map(parseMount);
  // A later mount on the same path hides the earlier one.
  const root = found.findLast(({ path }) => path === CGROUP_ROOT);
  if (root?.type === "cgroup2") return unified(root, facts);
  const legacy = found.filter(({ type, path, options }) => {
    return type === "cgroup" && path.startsWith(`${CGROUP_ROOT}/`) && options.includes("rw");
  });
  if (root === undefined) return { ...none, mode: "absent" };
  if (legacy.length === 0) return none;
  const controllers = new Set(
    legacy.flatMap(({ options }) => options).filter((option) => knownControllers.has(option)),
  );
  const hasTree = found.some(({ type, path }) => type === "cgroup2" && path === UNIFIED_TREE);
  const isHybrid = hasTree && facts.unifiedControllers.trim() !== "";
  return {
    mode: isHybrid ? "hybrid" : "legacy",
    controllers,
    deviceRules: controllers.has("devices"),
    swap: facts.swapLimit !== "",
  };
}

/** True where containers get a group of their own. */
export function hasGroups({ mode }: Cgroups): boolean {
  return mode !== "none" && mode !== "absent";
}

/** By the name of version 1; version 2 calls `blkio` `io`. */
export function hasController({ mode, controllers }: Cgroups, name: string): boolean {
  return controllers.has(mode === "unified" && name === "blkio" ? "io" : name);
}

interface Mount {
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

const none: Cgroups = { mode: "none", controllers: new Set(), deviceRules: false, swap: false };

const knownControllers: ReadonlySet<string> = new Set([
  "memory",
  "cpu",
  "cpuset",
  "devices",
  "pids",
  "freezer",
  "blkio",
]);

/** `CAP_SYS_RESOURCE` of <linux/capability.h>. */
const CAP_SYS_RESOURCE = 24n;

function unified(root: Mount, facts: CgroupFacts): Cgroups {
  if (!root.options.includes("rw")) return none;
  const controllers = new Set(facts.rootControllers.split(/\s+/).filter((name) => name !== ""));
  return { mode: "unified", controllers, deviceRules: canLockMemory(facts), swap: controllers.has("memory") };
}

/** Device rules of version 2 are BPF programs, for which runtimes first raise RLIMIT_MEMLOCK to infinity. */
function canLockMemory({ status, limits }: CgroupFacts): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  if ((BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) & 1n) return true;
  return /^Max locked memory\s+\S+\s+unlimited/m.test(limits);
}

/** A line of fstab(5) fields; blanks in paths are octal escapes, which no path of interest here has. */
function parseMount(line: string): Mount {
  const [, path = "", type = "", options = ""] = line.split(" ");
  return { path, type, options: options.split(",") };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

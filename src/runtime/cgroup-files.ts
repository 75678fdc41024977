import { CGROUP_ROOT, type Cgroups, UNIFIED_TREE } from "./cgroup-mode.js";
import type { CgroupValues } from "./oci-resources.js";
import { cgroupName } from "./oci-spec.js";

/** A file of a container's control group, and what is to be written to it. */
export interface CgroupFile {
  /** Name in the directory of the group; where there are several, the first that exists. */
  readonly names: readonly [string, ...string[]];
  /** Of version 1, where each controller has a tree of its own. */
  readonly controller: string;
  readonly value: string;
}

/** Directory of a container's group; `controller` counts in version 1 only. */
export function groupDirectory(id: string, { mode }: Pick<Cgroups, "mode">, controller: string): string {
  return `${CGROUP_ROOT}/${mode === "unified" ? "" : `${controller}/`}${cgroupName(id)}`;
}

/** Where a container's group may be in a tree of version 2. */
export function unifiedDirectories(id: string): readonly string[] {
  return [CGROUP_ROOT, UNIFIED_TREE].map((tree) => `${tree}/${cgroupName(id)}`);
}

/** What writes these values; `everyNode` are the processors and memory nodes of a group that may use all. */
export function cgroupFiles(
  values: CgroupValues,
  { mode }: Pick<Cgroups, "mode">,
  everyNode: { readonly cpus: string; readonly mems: string },
): readonly CgroupFile[] {
  return mode === "unified" ? version2(values) : version1(values, everyNode);
}

/** Documentation/admin-guide/cgroup-v1. */
function version1(
  values: CgroupValues,
  everyNode: { readonly cpus: string; readonly mems: string },
): readonly CgroupFile[] {
  const { memory = -1, swap = -1, reservation = -1, shares = 1024, quota = -1, period = 100_000 } = values;
  const { cpus = everyNode.cpus, mems = everyNode.mems, pids, weight } = values;
  const file = (controller: string, name: string, value: string | number): CgroupFile => ({
    controller,
    names: [`${controller}.${name}`],
    value: String(value),
  });
  return [
    file("memory", "limit_in_bytes", memory),
    file("memory", "memsw.limit_in_bytes", swap),
    file("memory", "soft_limit_in_bytes", reservation),
    file("cpu", "shares", shares),
    file("cpu", "cfs_period_us", period),
    file("cpu", "cfs_quota_us", quota),
    file("cpuset", "mems", mems),
    file("cpuset", "cpus", cpus),
    file("pids", "max", pids ?? "max"),
    {
      controller: "blkio",
      names: ["blkio.weight", "blkio.bfq.weight"],
      value: String(weight ?? 500),
    },
  ];
}

/** Documentation/admin-guide/cgroup-v2.rst; weights are converted as runtimes do. */
function version2({
  memory,
  swap,
  reservation,
  shares,
  quota,
  period,
  ...values
}: CgroupValues): readonly CgroupFile[] {
  const { cpus = "", mems = "", pids, weight } = values;
  const file = (name: string, value: string | number): CgroupFile => ({
    controller: name.split(".", 1)[0] ?? "",
    names: [name],
    value: String(value),
  });
  const ofSwap = swap === undefined || swap < 0 ? "max" : swap - (memory ?? 0);
  return [
    file("memory.max", memory ?? "max"),
    file("memory.swap.max", ofSwap),
    file("memory.low", reservation ?? 0),
    file("cpu.weight", shares === undefined ? 100 : 1 + Math.floor(((shares - 2) * 9999) / 262_142)),
    file("cpu.max", `${quota ?? "max"} ${period ?? 100_000}`),
    file("cpuset.mems", mems),
    file("cpuset.cpus", cpus),
    file("pids.max", pids ?? "max"),
    {
      controller: "io",
      names: ["io.bfq.weight", "io.weight"],
      value: `default ${weight ?? 100}`,
    },
  ];
}

/** Those of `wanted` that `present` does not write the same way. */
export function changedFiles(present: readonly CgroupFile[], wanted: readonly CgroupFile[]): readonly CgroupFile[] {
  return wanted.filter(({ names, value }) => !present.some((one) => one.names[0] === names[0] && one.value === value));
}

import { describe, expect, test } from "@jest/globals";
import type { ContainerLimits } from "../../../src/api/index.js";
import { cgroupFiles, changedFiles } from "../../../src/runtime/cgroup-files.js";
import type { Cgroups } from "../../../src/runtime/cgroup-mode.js";
import { cgroupValues, ociResources } from "../../../src/runtime/oci-resources.js";
import { requireGroups, requireLimits } from "../../../src/runtime/require-limits.js";

const controllers = new Set(["memory", "cpu", "cpuset", "pids", "blkio", "io"]);
const version1: Cgroups = { mode: "legacy", controllers, deviceRules: true, swap: true };
const version2: Cgroups = { ...version1, mode: "unified" };
const nodes = { cpus: "0-1", mems: "0" };

const filesOf = (limits: ContainerLimits, cgroups: Cgroups) =>
  cgroupFiles(cgroupValues(limits, cgroups), cgroups, nodes);
/** Of the files of limits those that are not written for a container without any. */
const written = (limits: ContainerLimits, cgroups: Cgroups): readonly string[] =>
  changedFiles(filesOf({}, cgroups), filesOf(limits, cgroups)).map(({ names, value }) => `${names[0]} ${value}`);

const cases: readonly [ContainerLimits, readonly string[], readonly string[]][] = [
  [{}, [], []],
  [
    { memory: 100 },
    ["memory.limit_in_bytes 100", "memory.memsw.limit_in_bytes 200"],
    ["memory.max 100", "memory.swap.max 100"],
  ],
  [
    { memory: 100, memorySwap: 100 },
    ["memory.limit_in_bytes 100", "memory.memsw.limit_in_bytes 100"],
    ["memory.max 100", "memory.swap.max 0"],
  ],
  [{ memory: 100, memorySwap: -1 }, ["memory.limit_in_bytes 100"], ["memory.max 100"]],
  [{ memoryReservation: 50 }, ["memory.soft_limit_in_bytes 50"], ["memory.low 50"]],
  [{ cpus: 0.5 }, ["cpu.cfs_quota_us 50000"], ["cpu.max 50000 100000"]],
  [{ cpuQuota: 2000, cpuPeriod: 5000 }, ["cpu.cfs_period_us 5000", "cpu.cfs_quota_us 2000"], ["cpu.max 2000 5000"]],
  [{ cpuQuota: -1 }, [], []],
  [{ cpuShares: 1 }, ["cpu.shares 2"], ["cpu.weight 1"]],
  [{ cpuShares: 999_999_999 }, ["cpu.shares 262144"], ["cpu.weight 10000"]],
  [{ cpuset: "1", cpusetMems: "0" }, ["cpuset.cpus 1"], ["cpuset.mems 0", "cpuset.cpus 1"]],
  [{ pidsLimit: 20 }, ["pids.max 20"], ["pids.max 20"]],
  [{ pidsLimit: -1 }, ["pids.max max"], ["pids.max max"]],
  [{ pidsLimit: 0 }, ["pids.max max"], ["pids.max max"]],
  [{ blkioWeight: 20 }, ["blkio.weight 20"], ["io.bfq.weight default 20"]],
];

test.each(cases)("%j is written to control groups of either version", (limits, first, second) => {
  expect(written(limits, version1)).toEqual(first);
  expect(written(limits, version2)).toEqual(second);
});

test("a fork bomb ends at 4096 where processes can be counted", () => {
  expect(ociResources({}, version1, []).pids).toEqual({ limit: 4096 });
  expect(ociResources({}, { ...version1, controllers: new Set() }, []).pids).toBeUndefined();
  expect(ociResources({ pidsLimit: -1 }, version1, []).pids).toBeUndefined();
});

test("swap is limited unasked only where the kernel counts it", () => {
  expect(ociResources({ memory: 8 }, version1, []).memory).toEqual({ limit: 8, swap: 16 });
  expect(ociResources({ memory: 8 }, { ...version1, swap: false }, []).memory).toEqual({ limit: 8 });
});

describe("a limit that this machine cannot keep", () => {
  test.each<[ContainerLimits, Partial<Cgroups>, string]>([
    [{ pidsLimit: 5 }, { controllers: new Set() }, "number of processes to 5"],
    [{ blkioWeight: 50 }, { controllers: new Set(["memory"]) }, "weight of input and output to 50"],
    [{ memory: 8, memorySwap: 9 }, { swap: false }, "--memory-swap cannot be had"],
    [{ memorySwappiness: 5 }, { mode: "unified" }, "--memory-swappiness cannot be had"],
    [{ oomKillDisable: true }, { mode: "unified" }, "--oom-kill-disable cannot be had"],
  ])("%j is refused in words", (limits, cgroups, words) => {
    expect(() => requireLimits(limits, { ...version1, ...cgroups })).toThrow(
      expect.objectContaining({ kind: "unsupported", message: expect.stringContaining(words) }),
    );
    expect(() => requireLimits(limits, version1)).not.toThrow();
  });

  test("is another's processes where there are no groups to end one's own by", () => {
    const none = { ...version1, mode: "none" } as const;
    expect(() => requireGroups({ pid: "host" }, none)).toThrow(expect.objectContaining({ kind: "unsupported" }));
    expect(() => requireGroups({ pid: "own" }, none)).not.toThrow();
  });
});

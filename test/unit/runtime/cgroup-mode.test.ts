import { describe, expect, test } from "@jest/globals";
import { type CgroupFacts, detectCgroups } from "../../../src/runtime/cgroup-mode.js";
import { requireLimits } from "../../../src/runtime/require-limits.js";

const nothing: CgroupFacts = {
  ...{ mounts: "", status: "", limits: "", rootControllers: "", unifiedControllers: "" },
  swapLimit: "",
};
const version1 = `tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/devices cgroup rw,relatime,devices 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0
`;
const tree = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n";
const version2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
const powerful = "CapEff:\t000001ffffffffff\n";
const weak = "CapEff:\t000001fffeffffff\n";

type Found = { readonly mode: string; readonly controllers: string[]; readonly deviceRules: boolean };

describe("detectCgroups", () => {
  test.each<[string, Partial<CgroupFacts>, Found]>([
    ["nothing mounted", {}, { mode: "absent", controllers: [], deviceRules: false }],
    [
      "version 1",
      { mounts: version1 },
      { mode: "legacy", controllers: ["cpu", "devices", "memory"], deviceRules: true },
    ],
    [
      "version 1 with an idle tree",
      { mounts: version1 + tree, unifiedControllers: "\n" },
      { mode: "legacy", controllers: ["cpu", "devices", "memory"], deviceRules: true },
    ],
    [
      "hybrid",
      { mounts: version1 + tree, unifiedControllers: "hugetlb\n" },
      { mode: "hybrid", controllers: ["cpu", "devices", "memory"], deviceRules: true },
    ],
    [
      "version 1, read-only",
      { mounts: version1.replaceAll(" rw", " ro") },
      { mode: "none", controllers: [], deviceRules: false },
    ],
    [
      "version 1 without devices",
      { mounts: version1.replace(/.*devices.*\n/, "") },
      { mode: "legacy", controllers: ["cpu", "memory"], deviceRules: false },
    ],
    [
      "version 2",
      { mounts: version2, rootControllers: "cpu memory\n", status: powerful },
      { mode: "unified", controllers: ["cpu", "memory"], deviceRules: true },
    ],
    [
      "version 2, weak root",
      { mounts: version2, rootControllers: "cpu\n", status: weak },
      { mode: "unified", controllers: ["cpu"], deviceRules: false },
    ],
    [
      "version 2, weak root, free memory locks",
      { mounts: version2, status: weak, limits: "Max locked memory   8388608   unlimited   bytes\n" },
      { mode: "unified", controllers: [], deviceRules: true },
    ],
    [
      "version 2, read-only",
      { mounts: version2.replace("rw", "ro"), rootControllers: "cpu\n" },
      { mode: "none", controllers: [], deviceRules: false },
    ],
    [
      "version 2 over version 1",
      { mounts: version1 + version2, status: powerful },
      { mode: "unified", controllers: [], deviceRules: true },
    ],
  ])("%s", (_name, facts, expected) => {
    const found = detectCgroups({ ...nothing, ...facts });
    expect({ ...found, controllers: [...found.controllers].sort() }).toMatchObject(expected);
  });
});

describe("requireLimits", () => {
  const memoryOnly = { mode: "legacy", controllers: new Set(["memory"]), deviceRules: false, swap: false } as const;

  test("accepts what can be kept", () => {
    expect(() => requireLimits({}, { ...memoryOnly, controllers: new Set() })).not.toThrow();
    expect(() => requireLimits({ memory: 1 }, memoryOnly)).not.toThrow();
  });

  test.each([
    [{ cpus: 1.5 }, "processor time to 1.5", "cpu"],
    [{ cpuset: "0-1" }, "processors to 0-1", "cpuset"],
    [{ memory: 5, cpus: 2 }, "processor time to 2", "cpu"],
  ])("refuses %j", (limits, words, controller) => {
    const refusal = {
      kind: "unsupported",
      message: expect.stringContaining(words),
      details: expect.objectContaining({ controller }),
    };
    expect(() => requireLimits(limits, memoryOnly)).toThrow(expect.objectContaining(refusal));
  });
});

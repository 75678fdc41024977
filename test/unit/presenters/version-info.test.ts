import { expect, test } from "@jest/globals";
import type { SystemInfo } from "../../../src/api/index.js";
import { dockerInfo } from "../../../src/presenters/version-info.js";

test.each([
  ["unified", "2"],
  ["hybrid", "1"],
  ["legacy", "1"],
])("the version of control groups is docker's number where they are %s", (cgroups, version) => {
  const info = { containers: { total: 0, running: 0 }, runtime: { crun: "1.8.1", cgroups } } as unknown as SystemInfo;
  const system = { name: "Debian", version: "12" };
  const machine = { arch: "x64", hardware: "x86_64", hostname: "vm", processors: 2, memory: 1, system };
  expect(dockerInfo(info, machine)).toMatchObject({ CgroupVersion: version, DefaultRuntime: "crun" });
});

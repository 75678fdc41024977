import { existsSync, rmSync } from "node:fs";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import { CGROUP_ROOT, UNIFIED_TREE } from "./cgroup-mode.js";
import { cgroupName } from "./oci-spec.js";

/**
 * True if the kernel has killed a process of the container for want of memory, as long as its control group is there:
 * `oom_kill` of `memory.events` in version 2, of `memory.oom_control` in version 1 (Documentation/admin-guide).
 */
export function ranOutOfMemory(id: string): boolean {
  const name = cgroupName(id);
  const places = [
    `${CGROUP_ROOT}/${name}/memory.events`,
    `${CGROUP_ROOT}/memory/${name}/memory.oom_control`,
    `${UNIFIED_TREE}/${name}/memory.events`,
  ];
  return places.some((path) => countsKills(readIfPresent(path) ?? ""));
}

/** Reads lines of a word and a number. */
export function countsKills(events: string): boolean {
  return /^oom_kill [1-9]/m.test(events);
}

/** A supervisor leaves a file of this name where it works when its container runs out of memory, and does not say which. */
export function removeSupervisorsNote(workingDirectory: string): void {
  const path = `${workingDirectory}/oom`;
  if (existsSync(path))
    boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => rmSync(path, { force: true }));
}

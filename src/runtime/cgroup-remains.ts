import { readFileSync, rmdirSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoOf, fileError } from "../kernel/errno.js";
import { namesIn } from "../kernel/names-in.js";
import { startOf } from "../kernel/process-identity.js";
import { CGROUP_ROOT } from "./cgroup-mode.js";
import { cgroupName } from "./oci-spec.js";
import { killAndWait } from "./process-table.js";

/** Milliseconds. */
const PATIENCE = 500;

/**
 * Ends what is still in a container's control groups, and removes them from every hierarchy. A runtime that was killed
 * while it made the container has written nowhere that they exist.
 */
export async function removeCgroups(id: string): Promise<void> {
  const name = cgroupName(id);
  const parents = [CGROUP_ROOT, ...namesIn(CGROUP_ROOT).map((hierarchy) => `${CGROUP_ROOT}/${hierarchy}`)];
  for (const path of parents.map((parent) => `${parent}/${name}`)) {
    for (const pid of membersOf(path)) {
      const start = startOf(pid);
      if (start !== undefined) await killAndWait({ pid, start });
    }
    await remove(path);
  }
}

/** Their number is 0 where they are in a pid namespace that is not seen from here. */
function membersOf(path: string): readonly number[] {
  try {
    return readFileSync(`${path}/cgroup.procs`, "utf8").split("\n").map(Number).filter(Boolean);
  } catch {
    return [];
  }
}

/** A process that has just ended is still counted for a moment. */
async function remove(path: string): Promise<void> {
  const { ENOENT, ENOTDIR, EBUSY } = constants.errno;
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    try {
      rmdirSync(path);
      return;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === ENOENT || errno === ENOTDIR) return;
      if (errno !== EBUSY || performance.now() > deadline) throw fileError("remove", path, error);
    }
    await sleep(1);
  }
}

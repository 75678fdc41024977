import { existsSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { errnoOf, fileError, isAbsence } from "../kernel/errno.js";
import { namesIn } from "../kernel/files/names-in.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import { CGROUP_ROOT } from "./cgroup-mode.js";
import { cgroupName } from "./oci-spec.js";
import { identify, killAndWait } from "./process-table.js";

/** CGROUP_SUPER_MAGIC and CGROUP2_SUPER_MAGIC of <linux/magic.h>. */
const CGROUP_TYPES: readonly number[] = [0x27e0eb, 0x63677270];
/** Milliseconds for a process that has just ended to be counted no more. */
const PATIENCE = 500;

/**
 * Ends what is still in a container's control groups, and removes them from every hierarchy. A runtime that was killed
 * while it made the container has written nowhere that they exist.
 */
export async function removeCgroups(id: string): Promise<void> {
  const name = cgroupName(id);
  const parents = [CGROUP_ROOT, ...namesIn(CGROUP_ROOT).map((hierarchy) => `${CGROUP_ROOT}/${hierarchy}`)];
  // Where nothing may be written, to remove what is not there is refused as well.
  const found = parents.map((parent) => `${parent}/${name}`).filter((path) => fileSystemOf(path) !== undefined);
  if (found.length === 0) return;
  await boundaryOperation(
    { into: "file", what: () => `remove ${found.map((path) => `${path}/`).join(", ")}` },
    async () => {
      for (const path of found) {
        if (CGROUP_TYPES.includes(fileSystemOf(path) ?? 0)) await removeGroup(path);
        // crun makes plain files where it takes an empty directory for a hierarchy; the pids in them mean nothing any more.
        else rmSync(path, { recursive: true, force: true });
      }
    },
  );
}

/** Undefined for a path that does not exist. */
function fileSystemOf(path: string): number | undefined {
  try {
    return statfsSync(path).type;
  } catch {
    return undefined;
  }
}

async function removeGroup(path: string): Promise<void> {
  killAll(path);
  const deadline = monotonicTime() + PATIENCE;
  for (;;) {
    // Once more each time: without `cgroup.kill`, what is dying may have had children meanwhile.
    for (const process of membersOf(path).flatMap((pid) => identify(pid) ?? [])) await killAndWait(process);
    try {
      rmdirSync(path);
      return;
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === constants.errno.ENOENT) return;
      if (errno !== constants.errno.EBUSY || monotonicTime() > deadline) throw fileError("remove", path, error);
    }
    await sleep(1);
  }
}

/** All members at once, those that are being born too, where the kernel has that: version 2 since Linux 5.14. */
function killAll(path: string): void {
  const file = `${path}/cgroup.kill`;
  if (!existsSync(file)) return;
  try {
    boundaryOperation({ into: "process", what: () => `write 1 to ${file}` }, () => writeFileSync(file, "1"));
  } catch (error) {
    if (!isAbsence(error)) throw fileError("write", file, error);
  }
}

/** The kernel shows processes of a pid namespace that is not seen from here as 0. */
function membersOf(path: string): readonly number[] {
  const members = readIfPresent(`${path}/cgroup.procs`) ?? "";
  return members.split("\n").map(Number).filter(Boolean);
}

import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { fileError, isAbsence } from "../kernel/errno.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import { unifiedDirectories } from "./cgroup-files.js";
import { CGROUP_ROOT } from "./cgroup-mode.js";
import { cgroupName } from "./oci-spec.js";

/** Milliseconds for all processes to stand still; one in the middle of a write to a disk takes a while. */
const PATIENCE = 10_000;

/** How a control group is frozen in either version: the file, its words, and how the kernel says that it is done. */
interface Freezer {
  readonly file: string;
  readonly frozen: string;
  readonly thawed: string;
  readonly isFrozen: () => boolean;
}

/**
 * Stops all processes of a container. Returns once they stand still; a group that does not within the time is thawed again.
 * Throws `unsupported` where its processes have no group that could be frozen.
 */
export async function freeze(id: string): Promise<void> {
  const freezer = freezerOf(id);
  if (freezer === undefined) throw unfreezable(id);
  const deadline = monotonicTime() + PATIENCE;
  do {
    // In version 1 processes that are born meanwhile need it said once more.
    write(freezer.file, freezer.frozen);
    if (freezer.isFrozen()) return;
    await sleep(1);
  } while (monotonicTime() < deadline);
  write(freezer.file, freezer.thawed);
  throw new TsdError({
    kind: "runtime",
    code: "TSD_RUNTIME_NOT_FROZEN",
    message: `the processes of container ${id.slice(0, 12)} did not stand still within ${PATIENCE / 1000} seconds, and go on`,
    hint: "One of them waits for a device or a disk; try again later.",
    details: { container: id },
  });
}

/** Lets a container's processes go on; does nothing where they do, or end meanwhile. */
export function thaw(id: string): void {
  const freezer = freezerOf(id);
  if (freezer === undefined || !mayBeFrozen(freezer)) return;
  try {
    write(freezer.file, freezer.thawed);
  } catch (error) {
    if (!isAbsence(error)) throw fileError("write", freezer.file, error);
  }
}

export function isFrozen(id: string): boolean {
  return freezerOf(id)?.isFrozen() ?? false;
}

/** What {@link freeze} and {@link thaw} write, as words for a shell. */
export function freezerWords(id: string, verb: "freeze" | "thaw"): string {
  const { file, frozen, thawed } = freezerOf(id) ?? version1(id);
  return `echo ${verb === "freeze" ? frozen : thawed} > ${file}`;
}

function freezerOf(id: string): Freezer | undefined {
  const first = version1(id);
  if (existsSync(first.file)) return first;
  const directory = unifiedDirectories(id).find((one) => existsSync(`${one}/cgroup.freeze`));
  return directory === undefined ? undefined : version2(directory);
}

/** Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst. */
function version1(id: string): Freezer {
  const file = `${CGROUP_ROOT}/freezer/${cgroupName(id)}/freezer.state`;
  return {
    file,
    frozen: "FROZEN",
    thawed: "THAWED",
    isFrozen: () => readIfPresent(file)?.trim() === "FROZEN",
  };
}

/** Documentation/admin-guide/cgroup-v2.rst, "cgroup.freeze". */
function version2(directory: string): Freezer {
  return {
    file: `${directory}/cgroup.freeze`,
    frozen: "1",
    thawed: "0",
    isFrozen: () => /^frozen 1$/m.test(readIfPresent(`${directory}/cgroup.events`) ?? ""),
  };
}

/** In version 1 it may be on its way there. */
function mayBeFrozen({ file, thawed }: Freezer): boolean {
  const state = readIfPresent(file)?.trim();
  return state !== undefined && state !== thawed;
}

function write(file: string, word: string): void {
  boundaryOperation({ into: "file", what: () => `write ${word} to ${file}` }, () => writeFileSync(file, word));
}

function unfreezable(id: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_NO_FREEZER",
    message: `container ${id.slice(0, 12)} cannot be paused: this machine has no writable cgroup controller "freezer"`,
    hint: `Mount it below ${CGROUP_ROOT}, and restart the container.`,
    details: { container: id },
  });
}

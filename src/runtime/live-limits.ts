import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import type { ContainerLimits } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { errnoOf, fileError } from "../kernel/errno.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";
import { type CgroupFile, cgroupFiles, changedFiles, groupDirectory } from "./cgroup-files.js";
import { CGROUP_ROOT, type Cgroups } from "./cgroup-mode.js";
import { cgroupValues } from "./oci-resources.js";

/** A file of a container's group with what it held. */
interface Written {
  readonly path: string;
  readonly before: string;
}

/**
 * Writes what differs from the limits in force; the first value that the kernel refuses has those written before taken back.
 * Throws `invalid-input` with the file and the value.
 */
export function changeLimits(id: string, present: ContainerLimits, wanted: ContainerLimits, cgroups: Cgroups): void {
  const written: Written[] = [];
  try {
    for (const { path, value } of limitWrites(id, present, wanted, cgroups)) {
      const before = readFileSync(path, "utf8").trim();
      write(path, value);
      written.push({ path, before });
    }
  } catch (error) {
    for (const { path, before } of written.toReversed()) write(path, before);
    throw error;
  }
}

/** What would be written, in its order. */
export function limitWrites(
  id: string,
  present: ContainerLimits,
  wanted: ContainerLimits,
  cgroups: Cgroups,
): readonly { readonly path: string; readonly value: string }[] {
  const files = (limits: ContainerLimits) => cgroupFiles(cgroupValues(limits, cgroups), cgroups, everyNode());
  const changes = changedFiles(files(present), files(wanted)).map((file) => ({
    path: pathOf(id, file, cgroups),
    value: file.value,
  }));
  return mayGrow(changes) ? changes.toSorted((one, other) => swapFirst(one.path) - swapFirst(other.path)) : changes;
}

/** In version 1 the limit of memory alone may at no moment be above that of memory and swap. */
function mayGrow(changes: readonly { readonly path: string; readonly value: string }[]): boolean {
  const memory = changes.find(({ path }) => path.endsWith("/memory.limit_in_bytes"));
  if (memory === undefined) return false;
  const swap = Number(readIfPresent(memory.path.replace("memory.limit", "memory.memsw.limit")) ?? Number.NaN);
  return memory.value === "-1" || Number(memory.value) > swap;
}

function swapFirst(path: string): number {
  return path.endsWith("/memory.memsw.limit_in_bytes") ? 0 : 1;
}

/** What a group may use that is not narrowed, as version 1 has it in its root. */
function everyNode(): { readonly cpus: string; readonly mems: string } {
  const of = (name: string) => (readIfPresent(`${CGROUP_ROOT}/cpuset/cpuset.${name}`) ?? "").trim();
  return { cpus: of("cpus"), mems: of("mems") };
}

function pathOf(id: string, { names, controller }: CgroupFile, cgroups: Cgroups): string {
  const directory = groupDirectory(id, cgroups, controller);
  const name = names.find((one) => existsSync(`${directory}/${one}`)) ?? names[0];
  return `${directory}/${name}`;
}

function write(path: string, value: string): void {
  try {
    boundaryOperation({ into: "file", what: () => `write ${value === "" ? "nothing" : value} to ${path}` }, () =>
      // Writing no byte changes nothing; a newline empties a list.
      writeFileSync(path, value === "" ? "\n" : value, { flag: "r+" }),
    );
  } catch (error) {
    throw refusal(path, value, error);
  }
}

function refusal(path: string, value: string, cause: unknown): unknown {
  const errno = errnoOf(cause);
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (errno === constants.errno.EBUSY && file.startsWith("memory."))
    return new TsdError({
      kind: "invalid-input",
      code: "TSD_RUNTIME_LIMIT_REFUSED",
      message: `the container uses more memory than ${value} bytes`,
      hint: "Choose a higher limit, or restart it.",
      cause,
    });
  if (errno === constants.errno.ENOENT)
    return new TsdError({
      kind: "unsupported",
      code: "TSD_RUNTIME_LIMIT_UNSUPPORTED",
      message: `this machine's kernel cannot change that limit: there is no ${path}`,
      hint: "Leave that limit out.",
      details: { path, value },
      cause,
    });
  if (errno === constants.errno.EINVAL || errno === constants.errno.ERANGE || errno === constants.errno.ENOSPC)
    return new TsdError({
      kind: "invalid-input",
      code: "TSD_RUNTIME_LIMIT_REFUSED",
      message: `the kernel refuses "${value}" for ${file}`,
      hint: `See what it has: cat ${path}`,
      cause,
    });
  return fileError("write", path, cause);
}

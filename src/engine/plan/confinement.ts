import type { ContainerLimits, ContainerSpec } from "../../api/index.js";
import type { Confinement, ContainerRow, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { checkLabels } from "../host-facts/security-modules.js";
import { parseConfinement } from "../requests/confinement.js";
import { checkNamespaces, isShareable, namespaceMode } from "../requests/namespace-words.js";
import { sharedMemoryPath } from "./container-files.js";
import { checkShared, sharedNamespaces } from "./shared-namespaces.js";

/** Refuses what a container's start would refuse later, as far as it can be known now. */
export function checkPrivileges(store: Pick<Store, "containers">, spec: ContainerSpec): void {
  checkLabels(parseConfinement(spec).labels);
  checkNamespaces(spec);
  checkShared(store, spec);
}

/** What a container that is about to start may do. Throws `conflict` where it is to share what is not there. */
export function confinementOf(parts: Pick<Parts, "paths" | "store" | "processes">, row: ContainerRow): Confinement {
  const { spec } = row.container;
  const { labels: _labels, ...own } = parseConfinement(spec);
  return {
    ...own,
    ...sharedNamespaces(parts, row),
    cgroup: spec.cgroupns === "host" ? "host" : "own",
    ...sharedMemory(parts, row),
  };
}

/** The limits among a spec's fields. */
export function limitsOf(spec: ContainerSpec): ContainerLimits {
  return Object.fromEntries(limitKeys.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])));
}

const limitKeys: readonly (keyof ContainerLimits)[] = [
  "memory",
  "memorySwap",
  "memoryReservation",
  "memorySwappiness",
  "oomKillDisable",
  "cpus",
  "cpuShares",
  "cpuQuota",
  "cpuPeriod",
  "cpuset",
  "cpusetMems",
  "pidsLimit",
  "blkioWeight",
  "oomScoreAdj",
  "ulimits",
  "shmSize",
];

/** Shared memory belongs to an ipc namespace, though the kernel has it as a file system. */
function sharedMemory({ paths, store }: Pick<Parts, "paths" | "store">, row: ContainerRow): Pick<Confinement, "shm"> {
  const { spec, id } = row.container;
  if (spec.ipc === "none") return { shm: "none" };
  const mode = namespaceMode("ipc", spec.ipc);
  if (mode.place === "host") return { shm: "/dev/shm" };
  if (mode.place === "container") return { shm: sharedMemoryPath(paths, store.containers.resolve(mode.ref).id) };
  return isShareable(spec) ? { shm: sharedMemoryPath(paths, id) } : {};
}

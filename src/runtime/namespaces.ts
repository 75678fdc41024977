import { readlinkSync } from "node:fs";
import type { Confinement, NamespaceSource, RuntimeSpec } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { processes } from "../kernel/process-identity.js";

/** Names of the files in /proc/PID/ns. */
const shareable = ["pid", "ipc", "uts"] as const;

type Namespace = { readonly type: string; readonly path?: string };

/** Namespaces of a container as its runtime is told: made where there is no path, the host's where they are not listed. */
export function ociNamespaces({ netns, confinement }: RuntimeSpec, hasCgroup: boolean): readonly Namespace[] {
  return [
    { type: "mount" },
    ...shareable.flatMap((type) => namespaceOf(type, confinement[type])),
    ...(hasCgroup && confinement.cgroup === "own" ? [{ type: "cgroup" }] : []),
    ...(netns === undefined ? [] : [{ type: "network", path: netns }]),
  ];
}

function namespaceOf(type: (typeof shareable)[number], source: NamespaceSource): readonly Namespace[] {
  if (source === "host") return [];
  return source === "own" ? [{ type }] : [{ type, path: `/proc/${source.pid}/ns/${type}` }];
}

/**
 * Looks at a container that waits for its start: the process whose namespaces it shares may have ended, and another got its
 * pid, while the runtime opened them. Throws `conflict`.
 */
export function requireShared(pid: number, confinement: Confinement): void {
  for (const type of shareable) {
    const source = confinement[type];
    if (typeof source === "string") continue;
    if (linkOf(source.pid, type) === linkOf(pid, type) && processes.isRunning(source)) continue;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_NOT_RUNNING",
      message: `container "${source.name}", whose ${type} namespace is to be shared, has just ended`,
      hint: `Start it first: tsd start ${source.name}`,
      details: { container: source.name, namespace: type },
    });
  }
}

function linkOf(pid: number, type: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${type}`);
  } catch {
    return undefined;
  }
}

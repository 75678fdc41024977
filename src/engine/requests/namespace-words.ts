import type { ContainerSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Namespaces that a container may share apart from the network's. */
export const sharedKinds = ["pid", "ipc", "uts"] as const;
export type SharedKind = (typeof sharedKinds)[number];

/** Which namespace of a kind a container is to live in. */
export type NamespaceMode =
  | { readonly place: "own" | "host" }
  /** That of the container of that name or id prefix. */
  | { readonly place: "container"; readonly ref: string };

/** What stands behind `--pid`, `--ipc` and `--uts`. Throws `invalid-input`. */
export function namespaceMode(kind: SharedKind, word: string | undefined): NamespaceMode {
  if (word === undefined || word === "" || ownWords[kind].includes(word)) return { place: "own" };
  if (word === "host") return { place: "host" };
  const [, ref] = /^container:(.+)$/.exec(word) ?? [];
  if (ref !== undefined) return { place: "container", ref };
  const others = ownWords[kind].map((own) => `, ${own}`).join("");
  throw invalid(kind, word, `host${others} or container:NAME`);
}

/** Whether others may have its ipc namespace with all that belongs to it, docker's `shareable`. */
export function isShareable({ ipc }: Pick<ContainerSpec, "ipc">): boolean {
  return ipc === "shareable";
}

const ownWords: Readonly<Record<SharedKind, readonly string[]>> = {
  pid: ["private"],
  ipc: ["private", "shareable", "none"],
  uts: ["private"],
};

/** Throws `invalid-input` for words that are none, and for what belongs to a namespace that is another's. */
export function checkNamespaces(spec: ContainerSpec): void {
  for (const kind of sharedKinds) namespaceMode(kind, spec[kind]);
  const { cgroupns } = spec;
  if (cgroupns !== undefined && cgroupns !== "host" && cgroupns !== "private")
    throw invalid("cgroupns", cgroupns, "host or private");
  const hasOwn = (kind: SharedKind): boolean => namespaceMode(kind, spec[kind]).place === "own";
  for (const flag of ["hostname", "domainname"] as const)
    if (spec[flag] !== undefined && !hasOwn("uts")) throw conflict(`--${flag}`, `--uts ${spec.uts}`);
  if (spec.shmSize !== undefined && (!hasOwn("ipc") || spec.ipc === "none"))
    throw conflict("--shm-size", `--ipc ${spec.ipc}`);
  const ofIpc = Object.keys(spec.sysctls ?? {}).find(isIpcParameter);
  if (ofIpc !== undefined && !hasOwn("ipc")) throw conflict(`--sysctl ${ofIpc}`, `--ipc ${spec.ipc}`);
}

/** Parameters that each ipc namespace has of its own (ipc_namespaces(7)), as docker accepts them. */
export function isIpcParameter(key: string): boolean {
  const name = key.replaceAll("/", ".");
  return (
    /^kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$/.test(name) ||
    /^fs\.mqueue\.[a-z_]{1,30}$/.test(name)
  );
}

function invalid(kind: string, word: string, expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NAMESPACE_WORD",
    message: `--${kind} "${word}" is not ${expected}`,
    hint: "Correct it, or leave it out for one of the container's own.",
    details: { flag: `--${kind}`, value: word },
  });
}

function conflict(one: string, other: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NAMESPACE_CONFLICT",
    message: `${one} does not go together with ${other}, whose namespace is not the container's own`,
    hint: "Leave one of them out.",
    details: { flag: one, value: other },
  });
}

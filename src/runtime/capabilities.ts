import { readFileSync } from "node:fs";
import { capabilityNames } from "../contracts/capability-names.js";
import type { Confinement } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { OciProcess } from "./oci-config.js";

/** What of a container's words concerns its capabilities. */
type Asked = Pick<Confinement, "privileged" | "capAdd" | "capDrop">;

/**
 * What a container's root may do (capabilities(7)), by docker's rules: all of the host's if it is privileged; with `ALL` among
 * the added ones all but those dropped by name; with `ALL` among the dropped ones those added; else the default ones without
 * the dropped, with the added. CAP_MKNOD is no default where no device rules hold, since a container could otherwise make
 * itself the node of any disk. Throws `unsupported` for one that the host does not have.
 */
export function grantedCapabilities(
  { privileged, capAdd, capDrop }: Asked,
  host: readonly string[],
  deviceRules: boolean,
): readonly string[] {
  if (privileged) return host;
  const isKept = (name: string): boolean => !capDrop.includes(name);
  if (capAdd.includes("ALL")) return host.filter(isKept);
  for (const name of capAdd) if (!host.includes(name)) throw notOfHost(name);
  const defaults = deviceRules ? [...base, "CAP_MKNOD"] : base;
  const left = capDrop.includes("ALL") ? [] : defaults.filter(isKept);
  return [...new Set([...left, ...capAdd])];
}

/** Those that this process may pass on, `CapBnd` of proc_pid_status(5); what the kernel has beyond the known ones is left out. */
export function hostCapabilities(status: string = readFileSync("/proc/self/status", "utf8")): readonly string[] {
  const bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return capabilityNames.flatMap((name, bit) => ((bounding >> BigInt(bit)) & 1n ? [`CAP_${name}`] : []));
}

/** Root starts with them all. Other users start with none, and can gain those by set-user-ID programs and file capabilities. */
export function heldBy(uid: number, bounding: readonly string[]): OciProcess["capabilities"] {
  const held = uid === 0 ? bounding : [];
  return { bounding, effective: held, permitted: held };
}

/** Those of a process with every privilege, with any user; for `exec --privileged`. */
export function everyCapability(): OciProcess["capabilities"] {
  const all = hostCapabilities();
  return { bounding: all, effective: all, permitted: all };
}

/** As docker grants them. */
const base = [
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_RAW",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
] as const;

function notOfHost(name: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_RUNTIME_CAPABILITY",
    message: `tsd cannot grant ${name}: it does not have that capability itself`,
    hint: "Leave it out, or run tsd where it has it; see which there are: grep CapBnd /proc/self/status",
    details: { capability: name },
  });
}

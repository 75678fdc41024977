import type { OciProcess } from "./oci-config.js";

/**
 * What a container's root may do, as docker grants it by default (capabilities(7)). CAP_MKNOD is left out where no
 * device rules hold, since a container could otherwise make itself the node of any disk.
 */
export function defaultCapabilities(deviceRules: boolean): readonly string[] {
  return deviceRules ? [...base, "CAP_MKNOD"] : base;
}

/** Root starts with them all. Other users start with none, and can gain those by set-user-ID programs and file capabilities. */
export function heldBy(uid: number, bounding: readonly string[]): OciProcess["capabilities"] {
  const held = uid === 0 ? bounding : [];
  return { bounding, effective: held, permitted: held };
}

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

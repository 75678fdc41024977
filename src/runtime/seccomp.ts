import type { OciSeccomp } from "./oci-config.js";
import { allowedSystemCalls, privilegedSystemCalls } from "./system-calls.js";

const ENOSYS = 38;

/** `CLONE_NEW*` of <linux/sched.h> without CLONE_NEWTIME: namespaces of one's own. */
const CLONE_NEW_NAMESPACES = 0x7e020000;

/** `AF_VSOCK` of <linux/socket.h>: it leads past the network namespace to the hypervisor. */
const AF_VSOCK = 40;

/** Execution domains (personality(2)): Linux, `PER_LINUX32`, each with `UNAME26`, and the query 0xffffffff. */
const harmlessPersonalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

/**
 * System calls a container may make: everything usual, nothing that loads code into the kernel, mounts, or opens new
 * namespaces (a user namespace would give all capabilities back), but for what the granted capabilities are there for. Other
 * calls fail with EPERM.
 *
 * No `architectures`: the runtime then filters the host's own one and forbids foreign ones. Each further architecture
 * costs about five milliseconds per start. Names unknown to an architecture are skipped by libseccomp.
 */
export function defaultSeccomp(granted: readonly string[] = []): OciSeccomp {
  const allow = "SCMP_ACT_ALLOW";
  const names = [...allowedSystemCalls, ...granted.flatMap((name) => privilegedSystemCalls[name] ?? [])];
  const mayUnshare = granted.includes("CAP_SYS_ADMIN");
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    syscalls: [
      { names: [...new Set(names)], action: allow },
      { names: ["socket"], action: allow, args: [{ index: 0, value: AF_VSOCK, op: "SCMP_CMP_NE" }] },
      ...(mayUnshare ? [] : ownNamespaces(allow)),
      ...harmlessPersonalities.map((value) => ({
        names: ["personality"],
        action: allow,
        args: [{ index: 0, value, op: "SCMP_CMP_EQ" }],
      })),
    ],
  };
}

/** A filter cannot look behind clone3's pointer; "not implemented" makes libc fall back to clone. */
function ownNamespaces(allow: string): OciSeccomp["syscalls"] {
  return [
    {
      names: ["clone"],
      action: allow,
      args: [{ index: 0, value: CLONE_NEW_NAMESPACES, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
    },
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
  ];
}

import type { Labels } from "./network.js";

/** What of the host a container sees and may do. */
export interface ContainerPrivileges {
  /** All capabilities and devices, no seccomp list, and nothing of /proc and /sys masked. */
  readonly privileged?: boolean;
  /** `NET_ADMIN`, `CAP_NET_ADMIN` or `ALL`, beside the default ones; dropped ones first. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** `HOST[:CONTAINER[:rwm]]`, a device or a directory of devices. */
  readonly devices?: readonly string[];
  /** `c 10:200 rwm`: devices that may be opened without being there. */
  readonly deviceCgroupRules?: readonly string[];
  /**
   * `no-new-privileges[:true|false]`, `seccomp=unconfined`, `seccomp=` and the JSON of a profile in docker's format,
   * `apparmor=…`, `label=…`, `systempaths=unconfined`.
   */
  readonly securityOptions?: readonly string[];
  /** Groups of the process beside its user's, by name or number. */
  readonly groups?: readonly string[];
  /** `host` or `container:REF`; absent: one of its own. */
  readonly pid?: string;
  /** `host`, `container:REF`, `private`, `shareable` or `none`. */
  readonly ipc?: string;
  /** `host` or `container:REF`; absent: one of its own. */
  readonly uts?: string;
  /** `host` or `private`. */
  readonly cgroupns?: string;
  /** The root file system cannot be written to. */
  readonly readOnly?: boolean;
  /** A small init is process 1: it passes signals on and collects processes without a parent. */
  readonly init?: boolean;
  /** For the OCI runtime and its hooks. */
  readonly annotations?: Labels;
  /** Name or path of the OCI runtime; default the one that tsd is set to, else crun or runc. */
  readonly runtime?: string;
}

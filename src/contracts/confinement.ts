import type { RuntimeProcess } from "../api/index.js";

/** Where a namespace of a container comes from: its own, the host's, or that of the container with this process 1. */
export type NamespaceSource = "own" | "host" | (RuntimeProcess & { readonly name: string });

/** Devices that a container is given: a node of the host, or all below a directory. */
export interface DeviceRequest {
  readonly source: string;
  readonly target: string;
  /** Of `r`, `w` and `m`. */
  readonly access: string;
}

/** Devices that a container may open, by their numbers; absent: all. */
export interface DeviceRule {
  readonly type: "a" | "b" | "c";
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
}

/** Where a rule of a profile applies; each absent: everywhere. */
export interface SeccompCondition {
  /** Go's names of processors. */
  readonly arches: readonly string[];
  /** `CAP_…`, each of which the container must have. */
  readonly caps: readonly string[];
  /** Version and major revision, `4.8`. */
  readonly minKernel?: string;
}

/** A rule as the runtime specification has it (config-linux.md, "Seccomp"), and where it applies. */
export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly {
    readonly index: number;
    readonly value: number;
    readonly valueTwo?: number;
    readonly op: string;
  }[];
}

/** A profile in docker's format: that of the runtime specification, with architectures by groups and rules with conditions. */
export interface SeccompProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  /** `SCMP_ARCH_…`, wherever the container runs. */
  readonly architectures: readonly string[];
  /** Each with those that its kernel runs as well. */
  readonly archMap: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[];
  readonly rules: readonly (SeccompRule & {
    readonly includes: SeccompCondition;
    readonly excludes: SeccompCondition;
  })[];
}

/** What a container's words about its privileges mean. */
export interface Confinement {
  readonly privileged: boolean;
  /** `CAP_…`, or `ALL`. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly devices: readonly DeviceRequest[];
  readonly deviceRules: readonly DeviceRule[];
  /** Absent: tsd's own list. */
  readonly seccomp?: "unconfined" | SeccompProfile;
  readonly noNewPrivileges: boolean;
  /** Nothing of /proc and /sys is masked. */
  readonly unmasked: boolean;
  /** Further groups of the process, by name or number in the container. */
  readonly groups: readonly string[];
  readonly pid: NamespaceSource;
  readonly ipc: NamespaceSource;
  readonly uts: NamespaceSource;
  readonly cgroup: "own" | "host";
  /** Directory of the host that is the container's /dev/shm; `none`: it has none. Absent: one of its own. */
  readonly shm?: string;
  readonly readOnly: boolean;
  readonly init: boolean;
}

/** An option of a security module, which counts on hosts that have it. */
export interface LabelOption {
  readonly text: string;
  readonly module: "AppArmor" | "SELinux";
}

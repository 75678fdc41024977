import type { SeccompRule } from "../contracts/index.js";

/** The fields of an OCI runtime configuration (runtime-spec 1.0.2, config.md and config-linux.md) that tsd writes. */
export interface OciConfig {
  readonly ociVersion: string;
  readonly root: { readonly path: string; readonly readonly: boolean };
  /** Absent where the uts namespace is another's. */
  readonly hostname?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly process: OciProcess;
  readonly mounts: readonly OciMount[];
  readonly linux: {
    readonly namespaces: readonly { readonly type: string; readonly path?: string }[];
    readonly rootfsPropagation?: "shared" | "rslave";
    readonly sysctl?: Readonly<Record<string, string>>;
    readonly maskedPaths: readonly string[];
    readonly readonlyPaths: readonly string[];
    readonly seccomp?: OciSeccomp;
    readonly devices: readonly OciDevice[];
    /** Absent where no cgroup is made. */
    readonly cgroupsPath?: string;
    readonly resources?: OciResources;
  };
}

interface OciUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

export interface OciProcess {
  readonly terminal: boolean;
  /** In characters. */
  readonly consoleSize?: { readonly height: number; readonly width: number };
  readonly user: OciUser;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: {
    readonly bounding: readonly string[];
    readonly effective: readonly string[];
    readonly permitted: readonly string[];
  };
  /** −1: none, see {@link ociText}. */
  readonly rlimits: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly noNewPrivileges: boolean;
  readonly oomScoreAdj?: number;
}

export interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export interface OciDeviceRule {
  readonly allow: boolean;
  readonly type?: "a" | "b" | "c";
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
}

/** A node that the runtime makes in the container. */
export interface OciDevice {
  readonly type: "b" | "c";
  readonly path: string;
  readonly major: number;
  readonly minor: number;
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface OciResources {
  readonly devices?: readonly OciDeviceRule[];
  /** Bytes; `swap` is memory and swap together. −1: no limit. */
  readonly memory?: {
    readonly limit?: number;
    readonly swap?: number;
    readonly reservation?: number;
    readonly swappiness?: number;
    readonly disableOOMKiller?: boolean;
  };
  /** Microseconds of processor time per period of microseconds; `cpus` and `mems` as `0-2,4`. */
  readonly cpu?: {
    readonly shares?: number;
    readonly quota?: number;
    readonly period?: number;
    readonly cpus?: string;
    readonly mems?: string;
  };
  readonly pids?: { readonly limit: number };
}

export interface OciSeccomp {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  /** Absent: the host's own. */
  readonly architectures?: readonly string[];
  readonly syscalls: readonly SeccompRule[];
}

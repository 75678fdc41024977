import type { Bind, RuntimeSpec } from "../contracts/index.js";
import { defaultCapabilities, heldBy } from "./capabilities.js";
import { type Cgroups, hasGroups } from "./cgroup-mode.js";
import { maskedPaths, mounts, readonlyPaths, rootPropagation } from "./mounts.js";
import type { OciConfig, OciDeviceRule, OciProcess, OciResources } from "./oci-config.js";
import { defaultSeccomp } from "./seccomp.js";
import type { User } from "./user.js";

/** What the machine and the root file system say about a container to be made. */
export interface Surroundings {
  readonly user: User;
  readonly cgroups: Cgroups;
  /** The calling process's hard limit on open files (getrlimit(2), RLIMIT_NOFILE), which only few may raise. */
  readonly openFiles: number;
  /** Of the binds those that are read-only with other mounts below. */
  readonly deepReadOnly: readonly Bind[];
}

/** Microseconds over which processor time is counted; the kernel's own default. */
const CPU_PERIOD = 100_000;

/** Open files a program gets unasked, and how many it may ask for: systemd's defaults, and so docker's since 29. */
const OPEN_FILES = { soft: 1024, hard: 524_288 } as const;

/** The configuration an OCI runtime makes a container from. */
export function ociConfig(spec: RuntimeSpec, surroundings: Surroundings): OciConfig {
  const { cgroups } = surroundings;
  const hasCgroup = hasGroups(cgroups);
  const propagation = rootPropagation(spec.binds);
  return {
    ociVersion: "1.0.2",
    root: { path: spec.rootfs, readonly: false },
    hostname: spec.hostname,
    process: ociProcess(spec, surroundings),
    mounts: mounts(spec, surroundings.deepReadOnly, hasCgroup),
    linux: {
      namespaces: [
        { type: "mount" },
        { type: "pid" },
        { type: "ipc" },
        { type: "uts" },
        ...(hasCgroup ? [{ type: "cgroup" }] : []),
        ...(spec.netns === undefined ? [] : [{ type: "network", path: spec.netns }]),
      ],
      // The specification's own field for it is younger than the runtimes that are in use.
      ...(spec.domainname === undefined ? {} : { sysctl: { "kernel.domainname": spec.domainname } }),
      ...(propagation === undefined ? {} : { rootfsPropagation: propagation }),
      maskedPaths,
      readonlyPaths,
      seccomp: defaultSeccomp(),
      ...(hasCgroup ? { cgroupsPath: `/${cgroupName(spec.id)}`, resources: resources(spec, cgroups) } : {}),
    },
  };
}

/** Directly below the root of each hierarchy: a shared parent could not be removed without racing other containers. */
export function cgroupName(id: string): string {
  return `tsd-${id}`;
}

/**
 * Programs may still gain privileges by set-user-ID (`noNewPrivileges` off), as with docker and podman: su, sudo and ping
 * in images rely on it, and what can be gained is bounded by the capabilities of the container.
 */
function ociProcess(spec: RuntimeSpec, { user, cgroups, openFiles }: Surroundings): OciProcess {
  const hard = Math.min(OPEN_FILES.hard, openFiles);
  return {
    terminal: spec.tty,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    args: spec.command,
    env: withHome(spec.env, user.home),
    cwd: spec.workdir,
    capabilities: heldBy(user.uid, defaultCapabilities(cgroups.deviceRules)),
    rlimits: [{ type: "RLIMIT_NOFILE", soft: Math.min(OPEN_FILES.soft, hard), hard }],
    noNewPrivileges: false,
  };
}

export function withHome(env: readonly string[], home: string): readonly string[] {
  return env.some((entry) => entry.startsWith("HOME=")) ? env : [...env, `HOME=${home}`];
}

function resources({ memory, cpus, cpuset }: RuntimeSpec, { deviceRules }: Cgroups): OciResources {
  return {
    ...(deviceRules ? { devices } : {}),
    ...(memory === undefined ? {} : { memory: { limit: memory } }),
    ...(cpus === undefined && cpuset === undefined
      ? {}
      : {
          cpu: {
            ...(cpus === undefined ? {} : { quota: Math.round(cpus * CPU_PERIOD), period: CPU_PERIOD }),
            ...(cpuset === undefined ? {} : { cpus: cpuset }),
          },
        }),
  };
}

const use = (major: number, minor?: number): OciDeviceRule => ({
  allow: true,
  type: "c",
  major,
  ...(minor === undefined ? {} : { minor }),
  access: "rwm",
});

/** Nodes may be made of any device, but only harmless ones opened (Documentation/admin-guide/devices.txt). */
const devices: readonly OciDeviceRule[] = [
  { allow: false, access: "rwm" },
  { allow: true, type: "c", access: "m" },
  { allow: true, type: "b", access: "m" },
  use(1, 3), // null
  use(1, 5), // zero
  use(1, 7), // full
  use(1, 8), // random
  use(1, 9), // urandom
  use(5, 0), // tty
  use(5, 1), // console
  use(5, 2), // ptmx
  use(136), // pseudo-terminals
];

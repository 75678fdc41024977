import type { Bind, RuntimeSpec } from "../contracts/index.js";
import { grantedCapabilities, heldBy } from "./capabilities.js";
import { type Cgroups, hasGroups } from "./cgroup-mode.js";
import { everyDevice, harmlessDevices } from "./device-rules.js";
import type { GrantedDevices } from "./devices.js";
import { underInit } from "./init-program.js";
import { maskedPaths, mounts, readonlyPaths, rootPropagation } from "./mounts.js";
import { ociNamespaces } from "./namespaces.js";
import type { OciConfig, OciProcess, OciSeccomp } from "./oci-config.js";
import { ociResources } from "./oci-resources.js";
import { type HardLimits, processLimits } from "./rlimits.js";
import { defaultSeccomp } from "./seccomp.js";
import { compileSeccomp, type SeccompHost } from "./seccomp-profile.js";
import type { User } from "./user.js";

/** What the machine and the root file system say about a container to be made. */
export interface Surroundings {
  readonly user: User;
  readonly cgroups: Cgroups;
  /** Those of the calling process. */
  readonly hardLimits: HardLimits;
  /** Capabilities that the calling process may pass on. */
  readonly capabilities: readonly string[];
  readonly devices: GrantedDevices;
  readonly seccompHost: SeccompHost;
  /** Absent for a container without one. */
  readonly init?: Bind;
  /** Of the binds those that are read-only with other mounts below. */
  readonly deepReadOnly: readonly Bind[];
  /** Path of the OCI runtime. */
  readonly runtime: string;
}

/** The configuration an OCI runtime makes a container from. */
export function ociConfig(spec: RuntimeSpec, surroundings: Surroundings): OciConfig {
  const { cgroups, devices, init, deepReadOnly, capabilities } = surroundings;
  const { confinement, limits } = spec;
  const { privileged, unmasked } = confinement;
  const hasCgroup = hasGroups(cgroups);
  const granted = grantedCapabilities(confinement, capabilities, cgroups.deviceRules);
  const seccomp = seccompOf(spec, granted, surroundings);
  const rules = privileged ? everyDevice : [...harmlessDevices, ...devices.rules];
  const isOpen = privileged || unmasked;
  const sysctl = sysctlsOf(spec);
  const propagation = rootPropagation(spec.binds);
  return {
    ociVersion: "1.0.2",
    root: { path: spec.rootfs, readonly: confinement.readOnly },
    ...(confinement.uts === "own" ? { hostname: spec.hostname } : {}),
    annotations: { ...spec.annotations, [RUNTIME]: surroundings.runtime },
    process: ociProcess(spec, granted, surroundings),
    mounts: mounts({
      binds: init === undefined ? spec.binds : [...spec.binds, init],
      tmpfs: spec.tmpfs,
      deep: deepReadOnly,
      cgroups: hasCgroup,
      confinement,
      shmSize: limits.shmSize,
    }),
    linux: {
      namespaces: ociNamespaces(spec, hasCgroup),
      ...(Object.keys(sysctl).length === 0 ? {} : { sysctl }),
      ...(propagation === undefined ? {} : { rootfsPropagation: propagation }),
      maskedPaths: isOpen ? [] : maskedPaths,
      readonlyPaths: isOpen ? [] : readonlyPaths,
      ...(seccomp === undefined ? {} : { seccomp }),
      devices: devices.nodes,
      ...(hasCgroup ? { cgroupsPath: `/${cgroupName(spec.id)}`, resources: ociResources(limits, cgroups, rules) } : {}),
    },
  };
}

/** The annotation that holds the path of the OCI runtime which made a container, and so knows its state. */
export const RUNTIME = "dev.tsd.runtime";

/** Directly below the root of each hierarchy: a shared parent could not be removed without racing other containers. */
export function cgroupName(id: string): string {
  return `tsd-${id}`;
}

/**
 * Programs may gain privileges by set-user-ID unless `noNewPrivileges` is asked for, as with docker and podman: su, sudo and
 * ping in images rely on it, and what can be gained is bounded by the capabilities of the container.
 */
function ociProcess(spec: RuntimeSpec, granted: readonly string[], surroundings: Surroundings): OciProcess {
  const { user, hardLimits, capabilities, init } = surroundings;
  const { oomScoreAdj, ulimits = [] } = spec.limits;
  return {
    terminal: spec.tty,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    args: init === undefined ? spec.command : underInit(spec.command),
    env: withHome(spec.env, user.home),
    cwd: spec.workdir,
    capabilities: heldBy(user.uid, granted),
    rlimits: processLimits(ulimits, hardLimits, capabilities.includes("CAP_SYS_RESOURCE")),
    noNewPrivileges: spec.confinement.noNewPrivileges,
    ...(oomScoreAdj === undefined ? {} : { oomScoreAdj }),
  };
}

export function withHome(env: readonly string[], home: string): readonly string[] {
  return env.some((entry) => entry.startsWith("HOME=")) ? env : [...env, `HOME=${home}`];
}

/** A privileged container has no filter, unless one was asked for. */
function seccompOf(
  { confinement }: RuntimeSpec,
  granted: readonly string[],
  { seccompHost }: Surroundings,
): OciSeccomp | undefined {
  const { seccomp, privileged } = confinement;
  if (seccomp === "unconfined" || (seccomp === undefined && privileged)) return undefined;
  return seccomp === undefined ? defaultSeccomp(granted) : compileSeccomp(seccomp, granted, seccompHost);
}

/** The specification's own field for a domain name is younger than the runtimes that are in use. */
function sysctlsOf({ domainname, sysctls, confinement }: RuntimeSpec): Readonly<Record<string, string>> {
  const named = domainname !== undefined && confinement.uts === "own";
  return { ...(named ? { "kernel.domainname": domainname } : {}), ...sysctls };
}

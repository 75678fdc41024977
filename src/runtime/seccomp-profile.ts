import { release } from "node:os";
import { arch } from "node:process";
import type { SeccompCondition, SeccompProfile } from "../contracts/index.js";
import { goArchitecture } from "./images/platform.js";
import type { OciSeccomp } from "./oci-config.js";

/** What rules of a profile ask of. */
export interface SeccompHost {
  /** Go's name of the processor. */
  readonly architecture: string;
  /** As uname(2) has it. */
  readonly kernel: string;
}

export function seccompHost(): SeccompHost {
  return { architecture: goArchitecture(arch), kernel: release() };
}

/** libseccomp's names of those that tsd runs on. */
const native: Readonly<Record<string, string>> = {
  amd64: "SCMP_ARCH_X86_64",
  arm64: "SCMP_ARCH_AARCH64",
};

/** A profile's rules as they are for a container with these capabilities on this host. */
export function compileSeccomp(profile: SeccompProfile, granted: readonly string[], host: SeccompHost): OciSeccomp {
  const holds = ({ caps, arches, minKernel }: SeccompCondition): boolean =>
    caps.every((name) => granted.includes(name)) &&
    (arches.length === 0 || arches.includes(host.architecture)) &&
    (minKernel === undefined || isAtLeast(host.kernel, minKernel));
  const excludes = ({ caps, arches, minKernel }: SeccompCondition): boolean =>
    caps.some((name) => granted.includes(name)) ||
    arches.includes(host.architecture) ||
    (minKernel !== undefined && isAtLeast(host.kernel, minKernel));
  const own = profile.archMap.find(({ architecture }) => architecture === native[host.architecture]);
  const architectures = own === undefined ? profile.architectures : [own.architecture, ...own.subArchitectures];
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet === undefined ? {} : { defaultErrnoRet: profile.defaultErrnoRet }),
    ...(architectures.length === 0 ? {} : { architectures }),
    syscalls: profile.rules
      .filter((rule) => rule.names.length > 0 && holds(rule.includes) && !excludes(rule.excludes))
      .map(({ includes: _includes, excludes: _excludes, ...rule }) => rule),
  };
}

function isAtLeast(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

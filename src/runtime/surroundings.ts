import { readFileSync } from "node:fs";
import type { RuntimeSpec } from "../contracts/index.js";
import { hostCapabilities } from "./capabilities.js";
import type { Cgroups } from "./cgroup-mode.js";
import { grantedDevices } from "./devices.js";
import { initBind } from "./init-program.js";
import type { Surroundings } from "./oci-spec.js";
import { deepReadOnly } from "./read-only-binds.js";
import { requireGroups, requireLimits } from "./require-limits.js";
import { parseHardLimits } from "./rlimits.js";
import { seccompHost } from "./seccomp-profile.js";
import { readUserDatabases, resolveGroups, resolveUser } from "./user.js";

/** Looks at machine and root file system. Throws what keeps the container from being made here. */
export function surroundingsOf(spec: RuntimeSpec, runtime: string, cgroups: Cgroups): Surroundings {
  const { confinement, limits, binds, rootfs } = spec;
  requireLimits(limits, cgroups);
  requireGroups(confinement, cgroups);
  const databases = readUserDatabases(rootfs);
  const user = resolveUser(spec.user, databases);
  const groups = resolveGroups(confinement.groups, databases);
  return {
    user: { ...user, additionalGids: [...new Set([...user.additionalGids, ...groups])] },
    cgroups,
    hardLimits: parseHardLimits(readFileSync("/proc/self/limits", "utf8")),
    capabilities: hostCapabilities(),
    devices: grantedDevices(confinement),
    seccompHost: seccompHost(),
    ...(confinement.init ? { init: initBind() } : {}),
    deepReadOnly: deepReadOnly(binds),
    runtime,
  };
}

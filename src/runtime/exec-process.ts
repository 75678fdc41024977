import type { ExecSpec } from "../api/index.js";
import { everyCapability, heldBy } from "./capabilities.js";
import type { OciProcess } from "./oci-config.js";
import { withHome } from "./oci-spec.js";
import type { User } from "./user.js";

/**
 * A further process of a container, as the first one but for what `spec` says. `user` is the resolved `spec.user`; its
 * home becomes HOME unless `spec` sets that itself.
 */
export function execProcess(first: OciProcess, spec: ExecSpec, user: User | undefined): OciProcess {
  const own = spec.env ?? [];
  const inherited = user === undefined ? first.env : first.env.filter((entry) => !entry.startsWith("HOME="));
  const env = mergeEnv(spec.tty === true ? ["TERM=xterm"] : [], inherited, own);
  return {
    ...first,
    terminal: spec.tty ?? false,
    args: spec.command,
    cwd: spec.workdir ?? first.cwd,
    env: user === undefined ? env : withHome(env, user.home),
    capabilities: spec.privileged
      ? everyCapability()
      : heldBy(user?.uid ?? first.user.uid, first.capabilities.bounding),
    ...(user === undefined ? {} : { user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids } }),
  };
}

/** Later lists win, variable by variable. */
function mergeEnv(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Map(lists.flat().map((entry) => [entry.split("=", 1)[0] ?? entry, entry])).values()];
}

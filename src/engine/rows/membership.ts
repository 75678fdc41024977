import { AGENT_NOTES } from "../../contracts/agent-notes.js";
import type { Membership, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Key of what this host is in its cluster. */
const MEMBERSHIP = "cluster";

export function readMembership({ settings }: Pick<Store, "settings">): Membership | undefined {
  return settings.get<Membership>(MEMBERSHIP);
}

/** In the caller's transaction. */
export function keepMembership({ settings }: Pick<Store, "settings">, membership: Membership): void {
  settings.set(MEMBERSHIP, membership);
}

/** With what the agent found, in the caller's transaction. */
export function forgetMembership({ settings }: Pick<Store, "settings">): void {
  settings.delete(MEMBERSHIP);
  settings.delete(AGENT_NOTES);
}

/** What it is; throws `not-found` where it is in none. */
export function requireMembership(membership: Membership | undefined): Membership {
  if (membership !== undefined) return membership;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_CLUSTER_NONE",
    message: "this host is in no cluster",
    hint: "Join one: tsd cluster join --etcd URL, or tsd cluster join --local for a cluster of this host alone.",
  });
}

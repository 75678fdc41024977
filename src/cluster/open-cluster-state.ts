import type { ClusterState, Membership } from "../contracts/index.js";
import { DeferredState } from "./deferred-state.js";

/**
 * The state of the cluster that a host is in: etcd's, or, where the host is in a cluster alone, the database at `local`. Nothing is
 * loaded, opened or asked before the first verb.
 */
export function openClusterState({ etcd }: Pick<Membership, "cluster" | "etcd">, local: string): ClusterState {
  if (etcd === undefined) {
    const open = async () => (await import("./local/open-local-state.js")).openLocalState(local);
    return new DeferredState(`the state of this host alone in ${local}`, open);
  }
  const open = async () => new (await import("./etcd/etcd-state.js")).EtcdState(etcd);
  return new DeferredState(`etcd at ${etcd.endpoints.join(", ")}`, open);
}

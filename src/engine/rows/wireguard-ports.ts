import type { Network } from "../../api/index.js";
import type { ClusterClaim, Store } from "../../contracts/index.js";
import { listNotes } from "./cluster-notes.js";

type NetworkClaim = Extract<ClusterClaim, { readonly of: "network" }>;

/** Name of another network that has this UDP port of the host for WireGuard, or is to have it once the cluster has it. */
export function wireguardPortHolder(
  store: Pick<Store, "networks" | "settings">,
  { id, port }: Pick<Network, "id"> & { readonly port: number },
): string | undefined {
  const has = store.networks.list().find((row) => row.id !== id && row.network.cluster?.wireguard?.port === port);
  return has?.network.name ?? claims(store).find((note) => note.id !== id && note.port === port)?.name;
}

/** The port that another command of this host is about to claim for the same network. */
export function claimedWireguardPort(store: Pick<Store, "settings">, id: string): number | undefined {
  return claims(store).find((note) => note.id === id)?.port;
}

function claims(store: Pick<Store, "settings">): readonly NetworkClaim[] {
  return listNotes(store).flatMap((note) => (note.of === "network" && note.state !== "returning" ? note : []));
}

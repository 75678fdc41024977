import type { NetworkRecord, Store } from "../../contracts/index.js";

/** Has this host's part of a network say what the cluster's record of it says by now, in the caller's transaction. */
export function adoptRecord(
  { networks }: Pick<Store, "networks">,
  id: string,
  { labels, dns }: Pick<NetworkRecord, "labels" | "dns">,
): void {
  const row = networks.get(id);
  if (row === undefined || row.state === "deleting") return;
  const { dns: _former, cluster, ...network } = row.network;
  if (cluster === undefined) return;
  const { recorded: _seen, ...place } = cluster;
  networks.update({ ...row, network: { ...network, cluster: place, labels, ...(dns === undefined ? {} : { dns }) } });
}

import type { NetworkRecord } from "../../contracts/index.js";

/** What a network's record says that can change. */
export type Changeable = Pick<NetworkRecord, "labels" | "dns">;

/** Undefined where the network is as its record says. */
export function newsIn(
  record: NetworkRecord,
  network: Changeable & Pick<NetworkRecord, "disableDns">,
): Changeable | undefined {
  const wanted = changeableOf(record.labels, network.disableDns ? undefined : record.dns);
  return JSON.stringify(wanted) === JSON.stringify(changeableOf(network.labels, network.dns)) ? undefined : wanted;
}

/** In an order of its own. */
function changeableOf(labels: Changeable["labels"], dns: Changeable["dns"]): Changeable {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return { labels: Object.fromEntries(sorted), ...(dns === undefined || dns.length === 0 ? {} : { dns }) };
}

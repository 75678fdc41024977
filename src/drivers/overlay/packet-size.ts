import { type ClusterPlace, familyOf, vxlanOverhead, wireguardOverhead } from "../../api/index.js";

/** How many bytes a packet of a container may have, so that it fits on the link between hosts with all that is put around it. */
export function roomFor(
  { address, mtu }: Pick<ClusterPlace, "address" | "mtu">,
  { spans, encrypted }: { readonly spans: string; readonly encrypted: boolean },
): number {
  if (spans === "hostgw") return mtu;
  // What is encrypted is IPv6, whatever carries it.
  return encrypted ? encryptedRoom({ address, mtu }) - vxlanOverhead[6] : mtu - vxlanOverhead[familyOf(address)];
}

/** How many bytes a packet may have that is to be encrypted. */
export function encryptedRoom({ address, mtu }: Pick<ClusterPlace, "address" | "mtu">): number {
  return mtu - wireguardOverhead[familyOf(address)];
}

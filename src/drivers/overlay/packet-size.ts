import { type ClusterPlace, familyOf } from "../../api/index.js";

/** Bytes of headers: IPv4 or IPv6, UDP, VXLAN and the inner Ethernet (RFC 7348 §5). */
const VXLAN = { 4: 20 + 8 + 8 + 14, 6: 40 + 8 + 8 + 14 };
/** Bytes of headers: IPv4 or IPv6, UDP, and WireGuard's type, receiver, counter and authentication. */
const WIREGUARD = { 4: 20 + 8 + 32, 6: 40 + 8 + 32 };

/** How many bytes a packet of a container may have, so that it fits on the link between hosts with all that is put around it. */
export function roomFor(
  { address, mtu }: Pick<ClusterPlace, "address" | "mtu">,
  { spans, encrypted }: { readonly spans: string; readonly encrypted: boolean },
): number {
  if (spans === "hostgw") return mtu;
  // What is encrypted is IPv6, whatever carries it.
  return encrypted ? encryptedRoom({ address, mtu }) - VXLAN[6] : mtu - VXLAN[familyOf(address)];
}

/** How many bytes a packet may have that is to be encrypted. */
export function encryptedRoom({ address, mtu }: Pick<ClusterPlace, "address" | "mtu">): number {
  return mtu - WIREGUARD[familyOf(address)];
}

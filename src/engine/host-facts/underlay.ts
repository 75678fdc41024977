import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { ForwardedPacket, Resource, VxlanLink } from "../../api/index.js";
import type { Links, Routing } from "../../contracts/index.js";

/** Bytes around a packet: outer headers of IP and UDP, that of VXLAN, and the frame's (RFC 7348 §5). */
const AROUND = { 4: 50, 6: 70 };

/** A network's way to its other hosts; undefined where it has no tunnel. */
export function tunnelOf(resources: readonly Resource[]): VxlanLink | undefined {
  return resources.find((one): one is VxlanLink => one.kind === "link" && one.type === "vxlan");
}

/** The link with that address of the host's; undefined where it has the address no more. */
export function linkWith(host: Pick<Routing, "addresses">, address: string): string | undefined {
  return host.addresses().find((one) => withoutPrefix(one.address) === address)?.link;
}

export interface NarrowLink {
  readonly link: string;
  /** Bytes that it carries. */
  readonly carries: number;
  /** Bytes of the tunnel's longest packets, with all that is around them. */
  readonly needed: number;
  /** Bytes of the longest packet of a container that fits. */
  readonly fits: number;
}

/** The link between hosts on which the tunnel's longest packets do not fit any more; undefined where they do. */
export function narrowLink(
  host: Pick<Links, "linkMtu"> & Pick<Routing, "addresses">,
  { mtu = 0, local }: VxlanLink,
): NarrowLink | undefined {
  const link = linkWith(host, local);
  const carries = link === undefined ? undefined : host.linkMtu(link);
  const around = AROUND[familyOf(local)];
  if (link === undefined || carries === undefined || carries >= mtu + around) return undefined;
  return { link, carries, needed: mtu + around, fits: carries - around };
}

/** What another host sends by a tunnel, as chains of this host's are asked about it. */
export function frameFrom(
  host: Pick<Routing, "addresses">,
  { local: destination, port }: VxlanLink,
  source: string,
): ForwardedPacket | undefined {
  const from = linkWith(host, destination);
  if (from === undefined) return undefined;
  const frame = { from, to: "", family: familyOf(destination), state: "new", protocol: "udp" } as const;
  return { ...frame, destination, port, source };
}

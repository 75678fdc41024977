import { familyOf, withoutPrefix } from "../../api/address-family.js";
import { vxlanOverhead, wireguardOverhead } from "../../api/driver-parts/tunnel-overhead.js";
import type { ForwardedPacket, VxlanLink, Wireguard } from "../../api/index.js";
import type { Links, NetworkRow, Routing } from "../../contracts/index.js";

/** How a network's packets travel between its hosts. */
export interface Underlay {
  readonly tunnel: VxlanLink;
  /** Of this host, on the wire. */
  readonly address: string;
  /** Absent where they travel in clear. */
  readonly cipher?: Wireguard;
}

/** Undefined where packets go as they are. */
export function underlayOf({ network, resources }: Pick<NetworkRow, "network" | "resources">): Underlay | undefined {
  const tunnel = resources.find((one): one is VxlanLink => one.kind === "link" && one.type === "vxlan");
  if (tunnel === undefined) return undefined;
  const cipher = resources.find((one) => one.kind === "wireguard");
  const address = network.cluster?.address ?? tunnel.local;
  return { tunnel, address, ...(cipher === undefined ? {} : { cipher }) };
}

/** The UDP port on the wire. */
function wirePort({ tunnel, cipher }: Pick<Underlay, "tunnel" | "cipher">): number {
  return (cipher ?? tunnel).port;
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
  { tunnel: { mtu = 0, local }, address, cipher }: Underlay,
): NarrowLink | undefined {
  const link = linkWith(host, address);
  const carries = link === undefined ? undefined : host.linkMtu(link);
  const around = vxlanOverhead[familyOf(local)] + (cipher === undefined ? 0 : wireguardOverhead[familyOf(address)]);
  if (link === undefined || carries === undefined || carries >= mtu + around) return undefined;
  return { link, carries, needed: mtu + around, fits: carries - around };
}

/** What another host sends. */
export interface Sent {
  /** The other host's address: on the wire, or within WireGuard. */
  readonly source: string;
  /** The packet filter in force; undefined where none is yet. */
  readonly backend: string | undefined;
}

/** What another host sends on the wire, as chains of this host's are asked about it. */
export function wireFrame(
  host: Pick<Routing, "addresses">,
  underlay: Underlay,
  { source, backend }: Sent,
): ForwardedPacket | undefined {
  const from = linkWith(host, underlay.address);
  if (from === undefined) return undefined;
  const state = underlay.cipher === undefined ? stateOfFrames(backend, source) : "new";
  return frame({ from, destination: underlay.address, port: wirePort(underlay), source, state });
}

/** What comes out of WireGuard, likewise. */
export function decryptedFrame(
  { link }: Wireguard,
  { local, port }: VxlanLink,
  { source, backend }: Sent,
): ForwardedPacket {
  return frame({ from: link, destination: local, port, source, state: stateOfFrames(backend, source) });
}

/** By nftables tsd keeps frames of VXLAN between members out of the table of connections, but for those that routers may find too big. */
function stateOfFrames(backend: string | undefined, source: string): ForwardedPacket["state"] {
  const isRouted = familyOf(source) === 6 && !/^fe[89ab]/i.test(source);
  return backend === "nftables" && !isRouted ? "untracked" : "new";
}

function frame(
  packet: Pick<ForwardedPacket, "from" | "port" | "source" | "state"> & { readonly destination: string },
): ForwardedPacket {
  return { ...packet, to: "", family: familyOf(packet.destination), protocol: "udp" };
}

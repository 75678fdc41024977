import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Finding, ForwardedPacket, Network, VxlanLink, Wireguard } from "../../api/index.js";
import type { Links, NetworkRow, PacketFilters, PeerRow, Routing } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { findingsOf } from "./findings-of.js";

/** Bytes around a packet: outer headers of IP and UDP, that of VXLAN, and the frame's (RFC 7348 §5). */
const AROUND = { 4: 50, 6: 70 };
/** Bytes that WireGuard adds: headers of IP and UDP, and its own. */
const CIPHER = { 4: 60, 6: 80 };

/** Hosts that the cluster does not hear of, and this one among them. */
export async function silentHosts(
  { membership, cluster, store }: Pick<Parts, "membership" | "cluster" | "store">,
  rows: readonly NetworkRow[],
): Promise<readonly Finding[]> {
  const self = membership();
  const spanning = rows.filter(({ network }) => network.cluster !== undefined);
  if (self === undefined || spanning.length === 0) return [];
  return findingsOf(async () => {
    const { hosts } = await (await cluster()).read();
    const known = new Set(spanning.flatMap(({ id }) => store.peers.ofNetwork(id).map(({ peer }) => peer.host)));
    const silent = [...hosts].filter(([name, { isAlive }]) => !isAlive && (name === self.host || known.has(name)));
    return silent.map(([name, { address }]) =>
      name === self.host
        ? {
            problem: `the agent of this host (${name}) does not keep its lease: what changes on other hosts stays unknown here`,
            remedy: "Let tsd start it: tsd reload",
          }
        : {
            problem: `host ${name} (${address}) keeps no lease: it is down, or its agent does not reach the state of the cluster`,
            remedy: `See tsd doctor there; if it is gone for good, give it up: tsd cluster rm ${name}`,
            harmless: true,
          },
    );
  });
}

/** Tunnels whose packets no longer fit on the link between the hosts. */
export function narrowUnderlays(
  host: Pick<Links, "linkMtu"> & Pick<Routing, "addresses">,
  rows: readonly NetworkRow[],
): readonly Finding[] {
  return tunnelsOf(rows).flatMap(({ network, tunnel, outer, cipher }) => {
    const link = linkOf(host, outer);
    const width = link === undefined ? undefined : host.linkMtu(link);
    const around = AROUND[familyOf(tunnel.local)] + (cipher === undefined ? 0 : CIPHER[familyOf(outer)]);
    const needed = (tunnel.mtu ?? 0) + around;
    if (width === undefined || width >= needed) return [];
    return [
      {
        problem: `network "${network.name}" has MTU ${tunnel.mtu}, and its packets to other hosts have ${needed} bytes, while ${link} carries ${width}: long packets get lost`,
        remedy: `Widen the link (ip link set ${link} mtu ${needed}), or recreate the network.`,
      },
    ];
  });
}

/** Addresses from which no packet could be sent. */
export function lostUnderlays(host: Pick<Routing, "addresses">, rows: readonly NetworkRow[]): readonly Finding[] {
  return tunnelsOf(rows)
    .filter(({ outer }) => linkOf(host, outer) === undefined)
    .map(({ network, outer }) => ({
      problem: `this host has no address ${outer} any more, by which other hosts of network "${network.name}" know it`,
      remedy:
        "Give it back, or join the cluster again with another: tsd cluster leave, then tsd cluster join --address.",
    }));
}

/** Frames of other hosts that a firewall of this one keeps away. */
export async function droppedFrames(
  host: Pick<PacketFilters, "inputDrops"> & Pick<Routing, "addresses">,
  rows: readonly NetworkRow[],
  peersOf: (networkId: string) => readonly PeerRow[],
): Promise<readonly Finding[]> {
  const packets = tunnelsOf(rows).flatMap(({ network, tunnel, outer, cipher }): readonly ForwardedPacket[] => {
    const { local, port } = tunnel;
    const from = linkOf(host, outer);
    if (from === undefined) return [];
    const peers = peersOf(network.id).slice(0, SAMPLES);
    const senders = [...new Set(peers.map(({ peer }) => peer.address))];
    if (cipher === undefined) return senders.map((source) => packetTo({ from, destination: outer, port, source }));
    const inside = new Set(
      peers.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "wireguard peer" ? one.inner : []))),
    );
    return [
      ...senders.map((source) => packetTo({ from, destination: outer, port: cipher.port, source })),
      ...[...inside].map((source) => packetTo({ from: cipher.link, destination: local, port, source })),
    ];
  });
  const drops = await host.inputDrops(packets);
  return drops.map(({ words, packets: [packet] }) => ({
    problem: `${words} drops what other hosts send to UDP port ${packet?.port} of this one (${packet?.source} for one), which networks that span hosts need`,
    remedy: "Let it accept that port from the other hosts of the cluster: tsd cluster ls",
  }));
}

/** Rules that differ between hosts of one cluster are few. */
const SAMPLES = 32;

function packetTo(
  packet: Pick<ForwardedPacket, "from" | "port" | "source"> & { readonly destination: string },
): ForwardedPacket {
  return { ...packet, to: "", family: familyOf(packet.destination), state: "new", protocol: "udp" };
}

interface Tunnel {
  readonly network: Network;
  readonly tunnel: VxlanLink;
  /** Address of this host on the wire. */
  readonly outer: string;
  readonly cipher: Wireguard | undefined;
}

function tunnelsOf(rows: readonly NetworkRow[]): readonly Tunnel[] {
  return rows.flatMap(({ network, resources }) => {
    const cipher = resources.find((one) => one.kind === "wireguard");
    return resources.flatMap((one): readonly Tunnel[] => {
      if (one.kind !== "link" || one.type !== "vxlan") return [];
      return [{ network, tunnel: one, outer: network.cluster?.address ?? one.local, cipher }];
    });
  });
}

function linkOf(host: Pick<Routing, "addresses">, address: string): string | undefined {
  return host.addresses().find((one) => withoutPrefix(one.address) === address)?.link;
}

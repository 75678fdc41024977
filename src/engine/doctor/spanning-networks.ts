import type { Finding, ForwardedPacket, Network } from "../../api/index.js";
import type { Links, NetworkRow, PacketFilters, PeerRow, Routing } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import {
  decryptedFrame,
  linkWith,
  narrowLink,
  type Sent,
  type Underlay,
  underlayOf,
  wireFrame,
} from "../host-facts/underlay.js";
import { findingsOf } from "./findings-of.js";

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
  return tunnelsOf(rows).flatMap(({ network, underlay }) => {
    const narrow = narrowLink(host, underlay);
    if (narrow === undefined) return [];
    const { link, carries, needed } = narrow;
    return [
      {
        problem: `network "${network.name}" has MTU ${underlay.tunnel.mtu}, and its packets to other hosts have ${needed} bytes, while ${link} carries ${carries}: long packets get lost`,
        remedy: `Widen the link (ip link set ${link} mtu ${needed}), or recreate the network.`,
      },
    ];
  });
}

/** Addresses from which no packet could be sent. */
export function lostUnderlays(host: Pick<Routing, "addresses">, rows: readonly NetworkRow[]): readonly Finding[] {
  return tunnelsOf(rows)
    .filter(({ underlay }) => linkWith(host, underlay.address) === undefined)
    .map(({ network, underlay: { address } }) => ({
      problem: `this host has no address ${address} any more, by which other hosts of network "${network.name}" know it`,
      remedy:
        "Give it back, or join the cluster again with another: tsd cluster leave, then tsd cluster join --address.",
    }));
}

/** Frames of other hosts that a firewall of this one keeps away. */
export async function droppedFrames(
  host: Pick<PacketFilters, "inputDrops"> & Pick<Routing, "addresses">,
  rows: readonly NetworkRow[],
  { peersOf, backend }: { readonly peersOf: (networkId: string) => readonly PeerRow[] } & Pick<Sent, "backend">,
): Promise<readonly Finding[]> {
  const packets = tunnelsOf(rows).flatMap(({ network, underlay }): readonly ForwardedPacket[] => {
    const { tunnel, cipher } = underlay;
    const peers = peersOf(network.id).slice(0, SAMPLES);
    const senders = new Set(peers.map(({ peer }) => peer.address));
    const within = new Set(
      peers.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "wireguard peer" ? one.inner : []))),
    );
    return [
      ...[...senders].flatMap((source) => wireFrame(host, underlay, { source, backend }) ?? []),
      ...(cipher === undefined ? [] : [...within].map((source) => decryptedFrame(cipher, tunnel, { source, backend }))),
    ];
  });
  const drops = await host.inputDrops(packets);
  return drops.map(({ words, packets: [packet] }) => ({
    problem: `${words} drops what other hosts send to UDP port ${packet?.port} of this one (${packet?.source} for one), which networks that span hosts need`,
    remedy: `Let it accept that port from the other hosts of the cluster${packet?.state === "untracked" ? ", of no connection (ct state untracked) too" : ""}: tsd cluster ls`,
  }));
}

/** Rules that differ between hosts of one cluster are few. */
const SAMPLES = 32;

function tunnelsOf(rows: readonly NetworkRow[]): readonly { readonly network: Network; readonly underlay: Underlay }[] {
  return rows.flatMap((row) => {
    const underlay = underlayOf(row);
    return underlay === undefined ? [] : [{ network: row.network, underlay }];
  });
}

import { withoutPrefix } from "../../api/address-family.js";
import type { Resource } from "../../api/index.js";
import type { NetworkRow, PeerRow } from "../../contracts/index.js";
import { underlayOf } from "../host-facts/underlay.js";
import { inWords } from "./advice.js";
import type { Journey } from "./journey.js";
import type { Landscape } from "./landscape.js";
import { isIn, socketText, type Trace } from "./packet.js";

/** The link by which packets of a network leave for its other hosts, beside the bridge; undefined where that is the bridge itself. */
export function linkElsewhere(land: Landscape, network: NetworkRow, destination: string): string | undefined {
  if (network.network.cluster === undefined || land.endpointAt(destination, network.id) !== undefined) return undefined;
  const isolate = network.resources.find((one) => one.kind === "isolate");
  return isolate?.trunk ?? isolate?.remote?.link;
}

/** A packet that leaves for the host that its addressee is on, which decides what becomes of it there. */
export function crossHosts(journey: Journey, row: NetworkRow): Trace {
  const { id, network, resources } = row;
  const { land, packet } = journey;
  const { destination, source } = packet;
  const peer = peerAt(land, id, destination);
  if (peer === undefined) {
    return journey.fail(
      `no host of network "${network.name}" is known to have ${destination}`,
      inWords(
        `See who has it: tsd network inspect ${network.name}; and whether this host follows the cluster: tsd cluster ls`,
      ),
    );
  }
  const { host, address } = peer.peer;
  const underlay = underlayOf(row);
  const tunnel = underlay?.tunnel;
  const own = entriesFor(land, id, { host, destination });
  const behind = own.find((one) => one.kind === "wireguard peer");
  const inside = resources.filter((one) => behind !== undefined && isOfCipher(one, behind.link));
  const at = behind === undefined ? ` at ${address}` : "";
  journey.add({
    place: tunnel === undefined ? "host" : `tunnel ${tunnel.name}`,
    what:
      tunnel === undefined
        ? `sends it to host ${host}${at} as it is`
        : `sends it to host ${host}${at}, in VXLAN segment ${tunnel.vni} to UDP port ${tunnel.port}`,
    needs: own.filter((one) => one !== behind),
    crossing: {
      ...{ network, host, address },
      ...(underlay === undefined ? {} : { underlay }),
      ...(behind === undefined ? {} : { inner: behind.inner }),
    },
  });
  if (behind !== undefined)
    journey.add({
      place: `link ${behind.link}`,
      what: `encrypts it (WireGuard) for host ${host} at ${address}, to UDP port ${behind.port}`,
      needs: [...inside, behind],
    });
  const way = land.machine.routeTo(address);
  if (way === undefined) {
    return journey.fail(
      `this host has no route to host ${host} at ${address}`,
      inWords(`See its interfaces: ip route get ${address}`),
    );
  }
  journey.add({
    place: `host ${host}`,
    what: `takes it in from ${network.cluster?.address}, and decides as for its own`,
  });
  const name = peer.peer.kind === "endpoint" ? peer.peer.names[0] : undefined;
  const { verdict, ...trace } = journey.arrive({
    server: name === undefined ? `host ${host}` : `container ${name} on host ${host}`,
    at: socketText(packet),
    ...(source === undefined ? {} : { seenAs: withoutPrefix(source) }),
  });
  return { ...trace, verdict: { ...verdict, host, hint: `What host ${host} makes of it: tsd explain there` } };
}

/** Whether it makes packets pass the link that encrypts them. */
export function isOfCipher(resource: Resource, link: string): boolean {
  if (resource.kind === "link") return resource.name === link;
  return (resource.kind === "wireguard" || resource.kind === "address") && resource.link === link;
}

/** That of the endpoint with the address, else that of the host with its block. */
export function peerAt(land: Landscape, networkId: string, address: string): PeerRow | undefined {
  const peers = land.facts.peers.filter(({ peer }) => peer.networkId === networkId);
  return (
    peers.find(({ peer }) => peer.kind === "endpoint" && peer.addresses.includes(address)) ??
    peers.find(({ peer }) => peer.kind === "host" && peer.blocks.some((block) => isIn(address, block)))
  );
}

/** What the packet needs of all that the host's peers have. */
export function entriesFor(
  land: Landscape,
  networkId: string,
  { host, destination }: { readonly host: string; readonly destination: string },
): readonly Resource[] {
  return land.facts.peers
    .filter(({ peer }) => peer.networkId === networkId && peer.host === host)
    .filter(({ peer }) => peer.kind === "host" || peer.addresses.includes(destination))
    .flatMap(({ resources }) => resources)
    .filter((one) => one.kind !== "route" || isIn(destination, one.destination));
}

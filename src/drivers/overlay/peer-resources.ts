import {
  type EndpointPeer,
  type ForwardingEntry,
  familyOf,
  type Guard,
  type HostPeer,
  hasFamily,
  hostAddress,
  isWithin,
  type Member,
  type Neighbour,
  type Network,
  type Peer,
  type Resource,
  type Route,
  type Subnet,
  type WireguardPeer,
} from "../../api/index.js";
import { linkLocalOf } from "../switched/endpoint-guard.js";
import type { OverlaySettings } from "./overlay-settings.js";
import { innerAddress, outside, ownAddress, single } from "./own-addresses.js";
import { underlayOf } from "./underlay.js";

/** What another host, or an endpoint there, needs on this one, in the order in which it can be made. */
export function peerResources(network: Network, settings: OverlaySettings, peer: Peer): readonly Resource[] {
  const { spans } = settings;
  if (spans === "hostgw") return straightRoutes(network, settings, peer);
  if (peer.kind === "host")
    return spans === "l2" ? bridgedHost(network, settings, peer) : routedHost(network, settings, peer);
  return spans === "l2" ? bridgedEndpoint(network, settings, peer) : detachedAddresses(network, settings, peer);
}

/** Whatever the number of its containers: the host's own address behind the tunnel, and a route by that for each block. */
function routedHost(network: Network, settings: OverlaySettings, peer: HostPeer): readonly Resource[] {
  const { tunnel: link } = settings;
  const own = hostAddressesOf(network, peer);
  return [
    member(settings, peer),
    ...behindCipher(settings, peer),
    entry(settings, peer),
    ...own.map(([, address]): Neighbour => ({ kind: "neighbour", link, address, mac: peer.mac })),
    // IPv6 knows no `onlink` by a link other than that of the subnet, which is the bridge.
    ...own.flatMap(([subnet, address]) => (familyOf(address) === 6 ? [onLink(settings, subnet, address)] : [])),
    ...routes(network, settings, peer, peer.blocks),
  ];
}

/** Addresses that do not say by their block which host they are on. */
function detachedAddresses(network: Network, settings: OverlaySettings, peer: EndpointPeer): readonly Resource[] {
  const { blocks = [], addresses } = peer;
  return routes(network, settings, { blocks }, outside(addresses, blocks).map(single));
}

function bridgedHost(network: Network, settings: OverlaySettings, peer: HostPeer): readonly Resource[] {
  const { bridge: link, isolatePorts } = settings;
  const own = hostAddressesOf(network, peer);
  return [
    member(settings, peer),
    ...behindCipher(settings, peer),
    guard(
      settings,
      peer,
      own.map(([, address]) => address),
    ),
    entry(settings, peer),
    // On a network whose containers do not reach each other no frame is for all of them.
    ...(isolatePorts ? [] : [entry(settings, peer, EVERYBODY)]),
    ...own.map(([, address]): Neighbour => ({ kind: "neighbour", link, address, mac: peer.mac })),
    ...ownSource(network, settings, peer.blocks),
  ];
}

function bridgedEndpoint(network: Network, settings: OverlaySettings, peer: EndpointPeer): readonly Resource[] {
  const { bridge: link } = settings;
  const { mac, addresses, blocks = [] } = peer;
  const speaks6 = hasFamily(network, 6);
  return [
    guard(settings, peer, speaks6 ? [...new Set([...addresses, linkLocalOf(mac)])] : addresses),
    entry(settings, peer),
    ...addresses.map((address): Neighbour => ({ kind: "neighbour", link, address, mac })),
    ...ownSource(network, settings, outside(addresses, blocks).map(single)),
  ];
}

/** Its frames are let in. */
function member(settings: OverlaySettings, peer: HostPeer): Member {
  const { place, port } = settings;
  return { kind: "member", owner: peer.id, vni: place.vni, port, address: endOf(settings, peer) };
}

/** It has a key, and one address there. */
function behindCipher(
  { cipher: link }: OverlaySettings,
  { address, mac, wireguard }: HostPeer,
): readonly WireguardPeer[] {
  return wireguard === undefined
    ? []
    : [{ kind: "wireguard peer", link, ...wireguard, address, inner: innerAddress(mac) }];
}

/** The address of its host's end of the tunnel. */
function endOf({ encrypted }: OverlaySettings, peer: Peer): string {
  if (!encrypted) return peer.address;
  return innerAddress(peer.kind === "host" ? peer.mac : (peer.hostMac ?? peer.mac));
}

/** By a tunnel that is a port of the bridge come frames of known senders alone. */
function guard(
  { bridge, tunnel: link }: OverlaySettings,
  { id: owner, mac }: Pick<Peer, "id" | "mac">,
  addresses: readonly string[],
): Guard {
  return { kind: "guard", owner, bridge, link, mac, addresses, shared: true };
}

/** As {@link ForwardingEntry} has it. */
const EVERYBODY = "00:00:00:00:00:00";

function entry(settings: OverlaySettings, peer: Peer, mac = peer.mac): ForwardingEntry {
  const { tunnel: link, spans, encrypted, cipher: via } = settings;
  return {
    ...{ kind: "fdb", link, mac, remote: endOf(settings, peer) },
    ...(encrypted ? { via } : {}),
    ...(spans === "l2" && mac !== EVERYBODY ? { bridged: true } : {}),
  };
}

/** The host's own address in each subnet where it has a block. */
function hostAddressesOf(
  { subnets }: Network,
  { blocks }: Pick<HostPeer, "blocks">,
): readonly (readonly [Subnet, string])[] {
  return subnets.flatMap((subnet) => {
    const address = hostAddress(blocks, subnet);
    return address === undefined ? [] : [[subnet, address] as const];
  });
}

function onLink(settings: OverlaySettings, subnet: Subnet, address: string): Route {
  return { kind: "route", destination: single(address), link: settings.tunnel, ...sourceIn(settings, subnet) };
}

/** By the tunnel, to the host with these blocks. */
function routes(
  network: Network,
  settings: OverlaySettings,
  host: Pick<HostPeer, "blocks">,
  destinations: readonly string[],
): readonly Route[] {
  const { tunnel: link } = settings;
  const own = hostAddressesOf(network, host);
  return destinations.flatMap((destination): readonly Route[] => {
    const [subnet, gateway] = own.find(([{ cidr }]) => isWithin(destination, cidr)) ?? [];
    if (subnet === undefined || gateway === undefined) return [];
    const onlink = familyOf(gateway) === 4 ? { onlink: true } : {};
    return [{ kind: "route", destination, gateway, link, ...onlink, ...sourceIn(settings, subnet) }];
  });
}

/** The gateway's address is on each host: replies to what the host itself sends elsewhere would go to another. */
function ownSource(network: Network, settings: OverlaySettings, destinations: readonly string[]): readonly Route[] {
  return inSubnets(network, destinations).map(([destination, subnet]) => {
    return { kind: "route", destination, link: settings.bridge, ...sourceIn(settings, subnet) };
  });
}

/** By the link between the hosts, without a tunnel. The kernel refuses those to a host behind a router. */
function straightRoutes(network: Network, settings: OverlaySettings, peer: Peer): readonly Route[] {
  const { blocks = [] } = peer;
  const destinations = peer.kind === "host" ? blocks : outside(peer.addresses, blocks).map(single);
  const link = underlayOf(network);
  if (link === undefined) return [];
  return inSubnets(network, destinations).map(([destination, subnet]) => {
    return { kind: "route", destination, gateway: peer.address, link, ...sourceIn(settings, subnet) };
  });
}

function inSubnets({ subnets }: Network, cidrs: readonly string[]): readonly (readonly [string, Subnet])[] {
  return cidrs.flatMap((cidr) => {
    const subnet = subnets.find((one) => isWithin(cidr, one.cidr));
    return subnet === undefined ? [] : [[cidr, subnet] as const];
  });
}

function sourceIn(settings: OverlaySettings, subnet: Subnet): Pick<Route, "source"> {
  const source = ownAddress(settings, subnet);
  return source === undefined ? {} : { source };
}

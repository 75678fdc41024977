import {
  forwardingSysctls,
  hasFamily,
  type Isolate,
  ipv6Sysctls,
  type Network,
  type Resource,
  type Segment,
  type Sysctl,
  type VxlanLink,
} from "../../api/index.js";
import {
  answersForNeighbours,
  isolate,
  localnet,
  masquerades,
  ownBridge,
  passages,
} from "../switched/network-parts.js";
import type { OverlaySettings } from "./overlay-settings.js";
import { innerAddress, ownAddresses, ownAddressesIn } from "./own-addresses.js";
import { encryptedRoom } from "./packet-size.js";
import { underlayOf } from "./underlay.js";

/** What a network needs on each of its hosts, in the order in which it can be made. */
export function networkResources(network: Network, settings: OverlaySettings): readonly Resource[] {
  return [
    // Before there is anything to guard.
    ...segment(network, settings),
    ...cipher(network, settings),
    ...ways[settings.spans](network, settings),
    ...localnet(network, settings),
    ...replies(network, settings),
    ...forwarding(network, settings),
    isolation(network, settings),
    ...masquerades(network, settings),
    ...passages(network, settings),
    { kind: "membership", network: network.id },
  ];
}

/** The bridge, and what leads to other hosts. */
const ways = {
  /** The tunnel stands beside the bridge, so that the host routes between them and replies to ARP for what is behind it. */
  routed: (network: Network, settings: OverlaySettings): readonly Resource[] => [
    ...ownBridge(network, settings),
    tunnel(settings, settings.place.mac),
    ...ipv6Sysctls(settings.tunnel, hasFamily(network, 6)),
    ...(hasFamily(network, 4) ? [reversePath(settings)] : []),
    ...ownAddresses(network, settings, settings.tunnel),
  ],
  /** The tunnel is a port of the bridge. Others reach this host by the bridge, which has the MAC address that they know. */
  l2: (network: Network, settings: OverlaySettings): readonly Resource[] => [
    ...ownBridge({ ...network, mac: settings.place.mac }, settings),
    {
      ...tunnel(settings, network.mac),
      master: settings.bridge,
      ...(settings.isolatePorts ? { isolated: true } : {}),
    },
    ...ownAddresses(network, settings, settings.bridge),
  ],
  hostgw: (network: Network, settings: OverlaySettings): readonly Resource[] => [
    ...ownBridge(network, settings),
    ...ownAddresses(network, settings, settings.bridge),
  ],
};

/** Frames that come from no host of the network are dropped. */
function segment({ id: owner }: Network, settings: OverlaySettings): readonly Segment[] {
  const { spans, place, port, encrypted, cipher: link } = settings;
  return spans === "hostgw" ? [] : [{ kind: "segment", owner, vni: place.vni, port, ...(encrypted ? { link } : {}) }];
}

/**
 * What the tunnel goes through: its ends are link-local addresses of this link, which the kernel routes by no other. Without the link
 * there is no tunnel.
 */
function cipher({ id }: Network, settings: OverlaySettings): readonly Resource[] {
  const { place, cipher: link } = settings;
  if (place.wireguard === undefined) return [];
  return [
    { kind: "link", type: "wireguard", name: link, mtu: encryptedRoom(place) },
    { kind: "wireguard", link, network: id, ...place.wireguard },
    ...ipv6Sysctls(link, true),
    { kind: "address", link, address: `${innerAddress(place.mac)}/64` },
  ];
}

function tunnel(
  { tunnel: name, place, port, mtu, encrypted, cipher: parent }: OverlaySettings,
  mac: string,
): VxlanLink {
  const ends = encrypted ? { local: innerAddress(place.mac), parent } : { local: place.address };
  return { kind: "link", type: "vxlan", name, mac, mtu, vni: place.vni, ...ends, port };
}

/** What comes by the tunnel is from addresses that are behind it (ip-sysctl: `rp_filter`). */
function reversePath({ tunnel: link }: OverlaySettings): Sysctl {
  return { kind: "sysctl", key: `net/ipv4/conf/${link}/rp_filter`, value: "1" };
}

function replies(network: Network, settings: OverlaySettings): readonly Sysctl[] {
  const ways = [
    ...(settings.spans === "l2" ? [] : (["proxy_arp"] as const)),
    ...(settings.isolatePorts ? (["proxy_arp_pvlan"] as const) : []),
  ];
  return answersForNeighbours(network, settings, ways);
}

/** Packets of an internal network pass between its bridge and its tunnel, and no other link. */
function forwarding(network: Network, settings: OverlaySettings): readonly Sysctl[] {
  const { spans, bridge, tunnel: link, isolatePorts } = settings;
  const within = spans !== "l2" || isolatePorts;
  if (network.internal && !within) return [];
  return [
    ...forwardingSysctls(network, { link: bridge, uplinks: uplinksOf(network) }),
    ...(spans === "routed" ? forwardingSysctls(network, { link, uplinks: [] }).filter(isOf(link)) : []),
  ];
}

/** The link by which packets go to other hosts as they are need not lead to the world. */
function uplinksOf(network: Network): Network["uplinks"] {
  const uplinks = network.internal ? [] : network.uplinks;
  const name = underlayOf(network);
  if (name === undefined || uplinks.some((uplink) => uplink.name === name)) return uplinks;
  const forwarding6 = network.forwarding6 === undefined && hasFamily(network, 6) ? { forwarding6: false } : {};
  return [...uplinks, { name, forwarding: false, ...forwarding6 }];
}

/** A parameter of the whole host is listed once, with the bridge's. */
function isOf(link: string): (sysctl: Sysctl) => boolean {
  return ({ key }) => key.split("/").includes(link);
}

function isolation(network: Network, settings: OverlaySettings): Isolate {
  const { spans, tunnel: trunk } = settings;
  const link = underlayOf(network);
  return {
    ...isolate(network, settings),
    ...(spans === "routed" ? { trunk } : {}),
    ...(spans === "l2" ? { inlet: { link: trunk, addresses: ownAddressesIn(network, settings) } } : {}),
    ...(link === undefined ? {} : { remote: { link, subnets: network.subnets.map(({ cidr }) => cidr) } }),
  };
}

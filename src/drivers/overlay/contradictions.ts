import { familyOf, hasFamily, type Network } from "../../api/index.js";
import type { Contradiction } from "../switched/contradiction.js";
import { IPV6_MIN_MTU } from "../switched/switch-settings.js";
import type { OverlaySettings } from "./overlay-settings.js";
import { ownAddress } from "./own-addresses.js";
import { encryptedRoom, roomFor } from "./packet-size.js";
import { lackOf, underlayOf } from "./underlay.js";

/** Least that a link carries (RFC 791, §3.2). */
const IPV4_MIN_MTU = 68;

/** Options of overlay networks that cannot all be met, by each other, by what the network is, or by the link between hosts. */
export function contradictions(network: Network, settings: OverlaySettings): readonly Contradiction[] {
  const { options, internal = false } = network;
  return [
    ...sizes(network, settings),
    ...(settings.spans === "hostgw" ? withoutTunnel(network, settings) : []),
    ...network.subnets.map(({ cidr, gateway }) => ({
      holds: ownAddress(settings, { cidr, gateway }) === undefined,
      says: `this host has no block of ${cidr} with an address for itself`,
      hint: "Give larger blocks: -o block=26 for IPv4, -o block_ipv6=112 for IPv6.",
    })),
    {
      holds: settings.encrypted && lackOf(network) !== undefined,
      says: `host ${settings.place.host} cannot encrypt (${lackOf(network)}), and sends nothing in clear instead`,
      hint: "Load the module (modprobe wireguard), use a kernel with CONFIG_WIREGUARD and IPv6, or leave out encrypted where the wire between the hosts is trusted.",
    },
    {
      holds: settings.mode[4] === "routed" && internal,
      says: "gateway_mode=routed is for networks that others reach, and this one is internal",
      hint: "Leave out one of the two.",
    },
    {
      holds: options.vni !== undefined && Number(options.vni) !== settings.place.vni,
      says: `it has VNI ${settings.place.vni} in the cluster, and not ${options.vni}`,
      hint: "Leave out vni, or remove the network on all hosts and create it with another.",
    },
  ];
}

function sizes(network: Network, settings: OverlaySettings): readonly Contradiction[] {
  const { mtu, place } = settings;
  const room = roomFor(place, settings);
  const around = place.mtu - room;
  const carries = `the link with ${place.address} carries ${place.mtu}${around === 0 ? "" : `, of which the tunnel takes ${around}`}`;
  const least = hasFamily(network, 6) ? IPV6_MIN_MTU : IPV4_MIN_MTU;
  const inner = encryptedRoom(place);
  return [
    {
      holds: settings.encrypted && settings.spans !== "hostgw" && inner < IPV6_MIN_MTU,
      says: `${inner} bytes are too few for what is encrypted, which travels in IPv6: the link with ${place.address} carries ${place.mtu}`,
      hint: `Let that link carry ${IPV6_MIN_MTU + place.mtu - inner} bytes at least.`,
    },
    {
      holds: mtu > room,
      says: `mtu=${mtu} is more than the ${room} bytes that there is room for: ${carries}`,
      hint: `Give ${room} bytes at most, or leave mtu out.`,
    },
    {
      holds: mtu < least && mtu === room,
      says: `${room} bytes are too few for ${least === IPV6_MIN_MTU ? "its IPv6 subnet" : "IP packets"}: ${carries}`,
      hint: `Let that link carry ${least + around} bytes at least${least === IPV6_MIN_MTU ? ", or give no IPv6 subnet" : ""}.`,
    },
    {
      holds: mtu < least,
      says: `mtu=${mtu} is too small for its IPv6 subnet`,
      hint: `Give ${least} bytes at least, or no IPv6 subnet.`,
    },
  ];
}

/** With mode=hostgw packets go as they are. */
function withoutTunnel(network: Network, settings: OverlaySettings): readonly Contradiction[] {
  const { options } = network;
  const { place, encrypted } = settings;
  const family = familyOf(place.address);
  const idle = (["port", "vni"] as const).find((key) => options[key] !== undefined);
  return [
    {
      holds: encrypted,
      says: "mode=hostgw makes no tunnel that could be encrypted",
      hint: "Leave out one of the two.",
    },
    {
      holds: underlayOf(network) === undefined,
      says: `no link of this host has the address ${place.address}, by which mode=hostgw would reach the others`,
      hint: "Join the cluster with an address of this host: tsd cluster join --address.",
    },
    {
      holds: idle !== undefined,
      says: `mode=hostgw makes no tunnel, so ${idle} means nothing`,
      hint: `Leave out ${idle}, or choose mode=routed or mode=l2.`,
    },
    {
      holds: network.subnets.some(({ cidr }) => familyOf(cidr) !== family),
      says: `with mode=hostgw hosts that reach each other by IPv${family}, as ${place.address} is, carry IPv${family} alone`,
      hint: `Give IPv${family} subnets alone, or choose mode=routed.`,
    },
  ];
}

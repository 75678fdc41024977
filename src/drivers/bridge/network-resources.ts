import {
  familyOf,
  forwardingSysctls,
  hasFamily,
  type Isolate,
  ipv6Sysctls,
  type Localnet,
  type Masquerade,
  type Network,
  type Passage,
  type Resource,
  type Sysctl,
} from "../../api/index.js";
import type { BridgeSettings } from "./bridge-settings.js";

/** What a network needs, in the order in which it can be made. */
export function networkResources(network: Network, settings: BridgeSettings): readonly Resource[] {
  return [
    ...(settings.adopted ? [] : ownBridge(network, settings)),
    ...localnet(network, settings),
    ...(settings.isolatePorts ? answersForNeighbours(network, settings) : []),
    ...forwarding(network, settings),
    isolate(network, settings),
    ...masquerades(network, settings),
    ...passages(network, settings),
  ];
}

/**
 * The host looks for the addressee of a packet that it forwards from its link-local address (RFC 4861 §7.2.2). The kernel's
 * own choice of one cannot be used for a second or two, until no other machine has claimed it, and that long nothing could
 * be sent to a container that has not spoken yet. Docker gives its bridges the same.
 */
const LINK_LOCAL = "fe80::1/64";

function ownBridge(network: Network, { bridge, mtu, mode }: BridgeSettings): readonly Resource[] {
  const reached = network.subnets.filter(({ cidr }) => mode[familyOf(cidr)] !== "isolated");
  const speaks6 = hasFamily({ subnets: reached }, 6);
  const addresses = reached.map(({ cidr, gateway }) => `${gateway}/${cidr.split("/")[1]}`);
  return [
    { kind: "link", type: "bridge", name: bridge, mac: network.mac, ...(mtu === undefined ? {} : { mtu }) },
    ...ipv6Sysctls(bridge, speaks6),
    ...[...addresses, ...(speaks6 ? [LINK_LOCAL] : [])].map(
      (address): Resource => ({ kind: "address", link: bridge, address }),
    ),
  ];
}

/** Lets 127.0.0.1:port of the host be answered by a container. */
function localnet(network: Network, { bridge, mode, adopted }: BridgeSettings): readonly Localnet[] {
  if (!hasFamily(network, 4) || mode[4] !== "nat" || network.internal) return [];
  return [{ kind: "localnet", link: bridge, ...(adopted ? { foreignPorts: true } : {}) }];
}

/**
 * The host replies to ARP for neighbours behind isolated ports, so that linked ones reach each other through it. It replies
 * at once, without the delay of up to a second that the kernel keeps for other hosts (arp(7), proxy_delay).
 */
function answersForNeighbours(network: Network, { bridge }: BridgeSettings): readonly Sysctl[] {
  if (!hasFamily(network, 4)) return [];
  const set = (key: string, value: string): Sysctl => ({ kind: "sysctl", key: `net/ipv4/${key}`, value });
  return [set(`conf/${bridge}/proxy_arp_pvlan`, "1"), set(`neigh/${bridge}/proxy_delay`, "0")];
}

/** An internal network forwards nothing, except between neighbours that are kept apart and linked. */
function forwarding(network: Network, { bridge, isolatePorts }: BridgeSettings): readonly Sysctl[] {
  if (!network.internal) return forwardingSysctls(network, { link: bridge });
  return isolatePorts ? forwardingSysctls(network, { link: bridge, uplinks: [] }) : [];
}

function isolate(network: Network, { bridge, isolatePorts, open, guarded, mode }: BridgeSettings): Isolate {
  const routed = network.subnets.some(({ cidr }) => mode[familyOf(cidr)] === "routed");
  return {
    kind: "isolate",
    owner: network.id,
    bridge,
    ...(isolatePorts ? { apart: true } : {}),
    ...(network.internal ? { internal: true } : {}),
    ...(open ? { open } : {}),
    ...(routed ? { pingable: true } : {}),
    ...(guarded ? { guarded } : {}),
  };
}

function masquerades(network: Network, settings: BridgeSettings): readonly Masquerade[] {
  const { bridge, masquerade, mode, outbound } = settings;
  if (network.internal || !masquerade) return [];
  return network.subnets
    .filter(({ cidr }) => mode[familyOf(cidr)] === "nat")
    .map(({ cidr: subnet }) => {
      const address = outbound[familyOf(subnet)];
      const intent = { kind: "masquerade", owner: network.id, bridge, subnet } as const;
      return address === undefined ? intent : { ...intent, address };
    });
}

/** Behind the isolation, whose drops are final. Others live behind a bridge that was adopted, and would pass as well. */
function passages(network: Network, { bridge, adopted }: BridgeSettings): readonly Passage[] {
  if (network.internal || adopted) return [];
  return (network.passages ?? []).flatMap((chain) => {
    const subnets = network.subnets
      .map(({ cidr }) => cidr)
      .filter((cidr) => chain.family !== (familyOf(cidr) === 4 ? "ip6" : "ip"));
    return subnets.length === 0 ? [] : [{ kind: "passage", owner: network.id, bridge, subnets, chain }];
  });
}

import {
  type Family,
  familyOf,
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
import type { SwitchSettings } from "./switch-settings.js";

/**
 * The host looks for the addressee of a packet that it forwards from its link-local address (RFC 4861 §7.2.2). The kernel's
 * own choice of one cannot be used for a second or two, until no other machine has claimed it, and that long nothing could
 * be sent to a container that has not spoken yet. Docker gives its bridges the same.
 */
const LINK_LOCAL = "fe80::1/64";

export function ownBridge(network: Network, { bridge, mtu, mode }: SwitchSettings): readonly Resource[] {
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
export function localnet(network: Network, { bridge, mode, adopted }: SwitchSettings): readonly Localnet[] {
  if (!hasFamily(network, 4) || mode[4] !== "nat" || network.internal) return [];
  return [{ kind: "localnet", link: bridge, ...(adopted ? { foreignPorts: true } : {}) }];
}

/** Which neighbours the host replies to ARP for (ip-sysctl): those on other links; those behind isolated ports of the same. */
type ProxyArp = "proxy_arp" | "proxy_arp_pvlan";

/**
 * The host replies to ARP for neighbours, so that they are reached through it. It replies at once, without the delay of up to a
 * second that the kernel keeps for other hosts (arp(7), proxy_delay).
 */
export function answersForNeighbours(
  network: Network,
  { bridge }: SwitchSettings,
  which: readonly ProxyArp[],
): readonly Sysctl[] {
  if (!hasFamily(network, 4) || which.length === 0) return [];
  const set = (key: string, value: string): Sysctl => ({ kind: "sysctl", key: `net/ipv4/${key}`, value });
  return [...which.map((name) => set(`conf/${bridge}/${name}`, "1")), set(`neigh/${bridge}/proxy_delay`, "0")];
}

/** In which others reach its containers directly. */
export function routedFamilies(network: Network, { mode }: SwitchSettings): readonly Family[] {
  return ([4, 6] as const).filter((family) => mode[family] === "routed" && hasFamily(network, family));
}

export function isolate(network: Network, { bridge, isolatePorts, open, guarded, mode }: SwitchSettings): Isolate {
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

export function masquerades(network: Network, settings: SwitchSettings): readonly Masquerade[] {
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
export function passages(network: Network, { bridge, adopted }: SwitchSettings): readonly Passage[] {
  if (network.internal || adopted) return [];
  return (network.passages ?? []).flatMap((chain) => {
    const subnets = network.subnets
      .map(({ cidr }) => cidr)
      .filter((cidr) => chain.family !== (familyOf(cidr) === 4 ? "ip6" : "ip"));
    return subnets.length === 0 ? [] : [{ kind: "passage", owner: network.id, bridge, subnets, chain }];
  });
}

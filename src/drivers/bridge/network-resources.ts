import type { Isolate, Masquerade, Network, Resource, Sysctl } from "../../api/index.js";
import type { BridgeSettings } from "./bridge-settings.js";
import { familyOf, hasFamily } from "./family.js";
import { forwardingSysctls } from "./forwarding.js";
import { ipv6Sysctls } from "./ipv6-sysctls.js";

/** What a network needs, in the order in which it can be made. */
export function networkResources(network: Network, settings: BridgeSettings): readonly Resource[] {
  return [
    ...(settings.adopted ? [] : ownBridge(network, settings)),
    ...bridgeSysctls(network, settings),
    ...forwardingSysctls(network, settings),
    isolate(network, settings),
    ...masquerades(network, settings),
  ];
}

function ownBridge(network: Network, { bridge, mtu, mode }: BridgeSettings): readonly Resource[] {
  const reached = network.subnets.filter(({ cidr }) => mode[familyOf(cidr)] !== "isolated");
  return [
    { kind: "link", type: "bridge", name: bridge, mac: network.mac, ...(mtu === undefined ? {} : { mtu }) },
    ...ipv6Sysctls(bridge, hasFamily({ subnets: reached }, 6)),
    ...reached.map(({ cidr, gateway }): Resource => {
      return { kind: "address", link: bridge, address: `${gateway}/${cidr.split("/")[1]}` };
    }),
  ];
}

function bridgeSysctls(network: Network, { bridge, apart, mode }: BridgeSettings): readonly Sysctl[] {
  if (!hasFamily(network, 4)) return [];
  const set = (name: string): Sysctl => ({ kind: "sysctl", key: `net/ipv4/conf/${bridge}/${name}`, value: "1" });
  return [
    // Lets 127.0.0.1:port of the host be answered by a container: without it the kernel drops the reply as martian.
    ...(mode[4] === "nat" && !network.internal ? [set("route_localnet")] : []),
    // The host answers for neighbours that the bridge keeps apart, so that those that are linked meet by way of it.
    ...(apart ? [set("proxy_arp_pvlan")] : []),
  ];
}

function isolate(network: Network, { bridge, apart, open, mode }: BridgeSettings): Isolate {
  const routed = network.subnets.some(({ cidr }) => mode[familyOf(cidr)] === "routed");
  return {
    kind: "isolate",
    owner: network.id,
    bridge,
    ...(apart ? { apart } : {}),
    ...(network.internal ? { internal: true } : {}),
    ...(open ? { open } : {}),
    ...(routed ? { pingable: true } : {}),
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

import {
  addressesOf,
  canonicalOptions,
  type Endpoint,
  familyOf,
  hostEnd,
  hostMac,
  ipv6Sysctls,
  type Network,
  type NetworkDriver,
  type Resource,
} from "../../api/index.js";
import { defaultRoutes, interfaceResources } from "../lan/lan-endpoint.js";
import { observeParent } from "../lan/observe-parent.js";
import { takenParent } from "../lan/parent-errors.js";
import type { ParentFacts } from "../lan/parent-facts.js";
import { silent, vlanLink } from "../lan/parent-resources.js";
import { endpointOptions, hostAddress, networkOptions, uplinkOf } from "./vlan-bridge-options.js";

/** Containers on a bridge whose uplink is a VLAN of the host's: neighbours of those on that VLAN. */
export const vlanBridgeDriver: NetworkDriver = {
  type: "vlan-bridge",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false, joinsLan: true },
  parseOptions: (raw) => canonicalOptions(networkOptions, raw),
  parseEndpointOptions: (raw) => canonicalOptions(endpointOptions, raw),
  observe(host, network) {
    const wanted = { driver: "vlan-bridge", parent: uplinkOf(network), exclusive: true };
    const facts = observeParent(host, network, wanted);
    if (facts.makes === "vlan") return facts;
    throw takenParent(
      facts.parent,
      "is a link of the host already",
      "Name a VLAN that has no link yet, or delete that one.",
    );
  },
  network(network) {
    const bridge = bridgeOf(network);
    const address = hostAddress(network);
    return [
      { kind: "link", type: "bridge", name: bridge, mac: network.mac, ...mtuOf(network) },
      ...ipv6Sysctls(bridge, address !== undefined && familyOf(address) === 6),
      ...(address === undefined ? [silent(bridge)] : []),
      { ...vlanLink(network.facts as ParentFacts), master: bridge, ...mtuOf(network) },
      ...(address === undefined ? [] : [{ kind: "address", link: bridge, address } as const]),
    ];
  },
  endpoint: (network, endpoint) => [
    port(network, endpoint),
    ...interfaceResources(network, endpoint),
    ...defaultRoutes(network, endpoint),
    {
      ...{ kind: "announcement", netns: endpoint.netns, link: endpoint.interface, mac: endpoint.mac },
      ...{ addresses: addressesOf(endpoint), port: hostEnd(endpoint), times: 1, interval: 1000 },
    },
  ],
};

function port(network: Network, endpoint: Endpoint): Resource {
  return {
    ...{ kind: "link", type: "veth", name: hostEnd(endpoint), mac: hostMac(endpoint), master: bridgeOf(network) },
    // The LAN has routers, which no container is.
    routerless: true,
    ...mtuOf(network),
    peer: { netns: endpoint.netns, name: endpoint.interface, mac: endpoint.mac },
  };
}

function bridgeOf({ id }: Network): string {
  return `br-${id.slice(0, 12)}`;
}

/** That of the VLAN, where the user gives none: a bridge passes no frame on that is too long for its other port. */
function mtuOf({ options, facts }: Network): { readonly mtu?: number } {
  const mtu = options.mtu === undefined ? (facts as ParentFacts).mtu : Number(options.mtu);
  return mtu === undefined ? {} : { mtu };
}

import {
  addressesOf,
  type Endpoint,
  familyOf,
  forwardingSysctls,
  hasFamily,
  ipv6Sysctls,
  type Network,
  type Publish,
  type Resource,
} from "../../api/index.js";

/** From this the host asks who has a container's address (RFC 4861 §7.2.2). */
const LINK_LOCAL = "fe80::1/64";

/**
 * The bridge that CNI's plug-in finds in place and uses: so it is known as tsd's, goes with the network, and rules of tsd's hold
 * on it. The plug-in itself would leave it behind.
 */
export function bridgeResources(network: Network, bridge: string): readonly Resource[] {
  const { id: owner, subnets, internal = false, options } = network;
  const speaks6 = hasFamily(network, 6);
  const addresses = subnets.map(({ cidr, gateway }) => `${gateway}/${cidr.split("/")[1]}`);
  return [
    {
      ...{ kind: "link", type: "bridge", name: bridge, mac: network.mac },
      ...(options.mtu === undefined ? {} : { mtu: Number(options.mtu) }),
    },
    ...ipv6Sysctls(bridge, speaks6),
    // The plug-in switches it off with its first port, whatever the bridge speaks.
    ...(speaks6 ? [] : [{ kind: "sysctl", key: `net/ipv6/conf/${bridge}/accept_ra`, value: "0" } as const]),
    ...[...addresses, ...(speaks6 ? [LINK_LOCAL] : [])].map(
      (address): Resource => ({ kind: "address", link: bridge, address }),
    ),
    ...(internal ? [] : outward(network, bridge)),
    { kind: "isolate", owner, bridge, ...(internal ? { internal } : {}) },
  ];
}

/** The plug-in's ports have no filter of tsd's, so the bridge has. */
function outward(network: Network, bridge: string): readonly Resource[] {
  return [
    ...(hasFamily(network, 4) ? [{ kind: "localnet", link: bridge, foreignPorts: true } as const] : []),
    ...forwardingSysctls(network, { link: bridge }),
    ...network.subnets.map(({ cidr: subnet }): Resource => {
      return { kind: "masquerade", owner: network.id, bridge, subnet };
    }),
  ];
}

export function publications(endpoint: Endpoint, bridge: string): readonly Publish[] {
  return endpoint.ports.flatMap((port) =>
    addressesOf(endpoint)
      .filter((address) => port.hostAddress === undefined || familyOf(port.hostAddress) === familyOf(address))
      .map((containerAddress): Publish => {
        return { kind: "publish", owner: endpoint.id, bridge, ...port, containerAddress };
      }),
  );
}

import type { Allow, Endpoint, Network, Publish, Resource, Route, Sysctl, VethLink } from "../../api/index.js";
import type { BridgeSettings } from "./bridge-settings.js";
import { ownSysctls } from "./endpoint-options.js";
import { familyOf, hasFamily } from "./family.js";
import { ipv6Sysctls } from "./ipv6-sysctls.js";

/** Comes before the kernel's own route to a subnet, whose metric is 256 (IP6_RT_PRIO_ADDRCONF). */
const FIRST = 1;

/** What an endpoint needs, in the order in which it can be made. */
export function endpointResources(network: Network, endpoint: Endpoint, settings: BridgeSettings): readonly Resource[] {
  const { netns, interface: link, addresses } = endpoint;
  return [
    veth(endpoint, settings),
    ...sysctls(network, endpoint),
    ...addresses.map((address): Resource => ({ kind: "address", netns, link, address })),
    ...(settings.apart ? detours(network, endpoint) : []),
    ...defaultRoutes(network, endpoint),
    ...(network.internal ? [] : publications(endpoint, settings)),
    ...(settings.apart ? links(endpoint, settings) : []),
  ];
}

function veth(endpoint: Endpoint, { bridge, mtu, apart }: BridgeSettings): VethLink {
  return {
    kind: "link",
    type: "veth",
    name: endpoint.options?.host_ifname ?? `veth${endpoint.id.slice(0, 11)}`,
    master: bridge,
    hairpin: true,
    ...(apart ? { isolated: true } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    peer: { netns: endpoint.netns, name: endpoint.interface, mac: endpoint.mac },
  };
}

/** Where the user and tsd mean the same parameter, the user's value stands. */
function sysctls(network: Network, endpoint: Endpoint): readonly Sysctl[] {
  const ours = ipv6Sysctls(endpoint.interface, hasFamily(network, 6), endpoint.netns);
  return [...new Map([...ours, ...ownSysctls(endpoint)].map((sysctl) => [sysctl.key, sysctl])).values()];
}

/**
 * IPv6 has no `proxy_arp_pvlan`: neighbours that are kept apart are sought by way of the host from the start. The host
 * itself is not, since the kernel takes no gateway that lies behind a gateway.
 */
function detours({ subnets }: Network, { netns, interface: link }: Endpoint): readonly Route[] {
  return subnets
    .filter(({ cidr }) => familyOf(cidr) === 6)
    .flatMap(({ cidr, gateway }): readonly Route[] => [
      { kind: "route", netns, destination: `${gateway}/128`, link },
      { kind: "route", netns, destination: cidr, gateway, link, metric: FIRST },
    ]);
}

function defaultRoutes({ subnets, internal }: Network, endpoint: Endpoint): readonly Route[] {
  const { netns, interface: link, metric } = endpoint;
  if (internal || metric === undefined) return [];
  return subnets.map(({ gateway }) => {
    const destination = familyOf(gateway) === 6 ? "::/0" : "0.0.0.0/0";
    return { kind: "route", netns, destination, gateway, link, metric };
  });
}

/** A port of the host leads to the container; a network that others route to needs none of the host's for that. */
function publications(endpoint: Endpoint, { bridge, mode }: BridgeSettings): readonly (Publish | Allow)[] {
  const intent = { owner: endpoint.id, bridge };
  return endpoint.ports.flatMap((port) =>
    addressesOf(endpoint)
      .filter((address) => port.hostAddress === undefined || familyOf(port.hostAddress) === familyOf(address))
      .map((address): Publish | Allow => {
        const { protocol, containerPort, count } = port;
        return mode[familyOf(address)] === "routed"
          ? { kind: "allow", ...intent, protocol, address, port: containerPort, count }
          : { kind: "publish", ...intent, ...port, containerAddress: address };
      }),
  );
}

function links(endpoint: Endpoint, { bridge }: BridgeSettings): readonly Allow[] {
  return (endpoint.links ?? []).flatMap(({ addresses, ports }) =>
    addresses.flatMap((address) =>
      addressesOf(endpoint)
        .filter((from) => familyOf(from) === familyOf(address))
        .flatMap((from) =>
          ports.map((port): Allow => {
            return { kind: "allow", owner: endpoint.id, bridge, ...port, address, from };
          }),
        ),
    ),
  );
}

/** Without prefix length. */
function addressesOf({ addresses }: Endpoint): readonly string[] {
  return addresses.map((address) => address.split("/")[0] ?? address);
}

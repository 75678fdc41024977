import {
  type Endpoint,
  endpointSysctls,
  familyOf,
  hasFamily,
  ipv6Sysctls,
  type Network,
  type Resource,
  type Route,
  spokenBy,
} from "../../api/index.js";

/** What is on an endpoint's interface: parameters and addresses. */
export function interfaceResources(network: Network, endpoint: Endpoint): readonly Resource[] {
  const { netns, interface: link, addresses } = endpoint;
  const speaks6 = hasFamily(spokenBy(endpoint, network), 6);
  return [
    ...endpointSysctls(endpoint, ipv6Sysctls(link, speaks6, netns)),
    ...addresses.map((address): Resource => ({ kind: "address", netns, link, address })),
  ];
}

/** By the routers of the LAN. */
export function defaultRoutes(network: Network, endpoint: Endpoint): readonly Route[] {
  const { netns, interface: link, metric } = endpoint;
  if (network.internal || metric === undefined) return [];
  return spokenBy(endpoint, network).subnets.map(({ gateway }) => {
    return { kind: "route", netns, destination: everywhere(gateway), gateway, link, metric };
  });
}

/** By the interface itself, without a router. */
export function deviceRoutes(network: Network, endpoint: Endpoint): readonly Route[] {
  return defaultRoutes(network, endpoint).map(({ gateway: _gateway, ...route }) => route);
}

function everywhere(address: string): string {
  return familyOf(address) === 6 ? "::/0" : "0.0.0.0/0";
}

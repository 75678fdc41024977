import {
  addressesOf,
  type Endpoint,
  endpointSysctls,
  familyOf,
  hasFamily,
  ipv6Sysctls,
  type Network,
  type Resource,
  spokenBy,
} from "../../api/index.js";
import { single } from "./host-resources.js";

/** The container's end: all but the gateway is behind the gateway, its neighbours too. */
export function containerResources(whole: Network, endpoint: Endpoint): readonly Resource[] {
  const network = spokenBy(endpoint, whole);
  const { netns, interface: link, metric } = endpoint;
  const isWayOut = !network.internal && metric !== undefined;
  return [
    ...endpointSysctls(endpoint, ipv6Sysctls(link, hasFamily(network, 6), netns)),
    ...addressesOf(endpoint).map((address): Resource => ({ kind: "address", netns, link, address: single(address) })),
    ...network.subnets.flatMap(({ cidr, gateway }): readonly Resource[] => [
      { kind: "route", netns, destination: single(gateway), link },
      { kind: "route", netns, destination: cidr, gateway, link },
      ...(isWayOut ? [{ kind: "route", netns, destination: everywhere(gateway), gateway, link, metric } as const] : []),
    ]),
  ];
}

function everywhere(address: string): string {
  return familyOf(address) === 6 ? "::/0" : "0.0.0.0/0";
}

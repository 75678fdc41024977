import {
  type Announcement,
  addressesOf,
  type Endpoint,
  endpointSysctls,
  familyOf,
  hasFamily,
  hostEnd,
  hostMac,
  ipv6Sysctls,
  type Network,
  type Resource,
  type Route,
  type Sysctl,
  type VethLink,
} from "../../api/index.js";
import { endpointGuard } from "./endpoint-guard.js";
import { endpointIntents } from "./endpoint-intents.js";
import type { SwitchSettings } from "./switch-settings.js";

/** Comes before the kernel's own route to a subnet, whose metric is 256 (IP6_RT_PRIO_ADDRCONF). */
const FIRST = 1;

/** What an endpoint needs, in the order in which it can be made. */
export function endpointResources(network: Network, endpoint: Endpoint, settings: SwitchSettings): readonly Resource[] {
  const { netns, interface: link, addresses } = endpoint;
  return [
    // Before there is anything to guard, so that there is no moment without.
    ...(settings.guarded ? [endpointGuard(network, endpoint, settings)] : []),
    veth(endpoint, settings),
    ...sysctls(network, endpoint, settings),
    ...addresses.map((address): Resource => ({ kind: "address", netns, link, address })),
    ...(settings.detoured ? detours(network, endpoint) : []),
    ...defaultRoutes(network, endpoint),
    ...endpointIntents(network, endpoint, settings),
    announcement(endpoint, settings),
  ];
}

function announcement(endpoint: Endpoint, { announced }: SwitchSettings): Announcement {
  const { netns, interface: link, mac } = endpoint;
  const [addresses, port] = [addressesOf(endpoint), hostEnd(endpoint)];
  return { kind: "announcement", netns, link, mac, addresses, port, ...announced };
}

function veth(endpoint: Endpoint, { bridge, mtu, isolatePorts, proxied, adopted }: SwitchSettings): VethLink {
  return {
    kind: "link",
    type: "veth",
    name: hostEnd(endpoint),
    mac: hostMac(endpoint),
    master: bridge,
    hairpin: true,
    ...(isolatePorts ? { isolated: true } : {}),
    ...(proxied ? { proxied: true } : {}),
    // The host may accept router advertisements on a bridge that is not tsd's.
    ...(adopted ? { routerless: true } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    peer: { netns: endpoint.netns, name: endpoint.interface, mac: endpoint.mac },
  };
}

function sysctls(network: Network, endpoint: Endpoint, { guarded, detoured }: SwitchSettings): readonly Sysctl[] {
  const { interface: link, netns } = endpoint;
  const speaks6 = hasFamily(network, 6);
  const ours = [
    ...ipv6Sysctls(link, speaks6, netns),
    ...(guarded && speaks6 ? [derivedLinkLocal(endpoint)] : []),
    ...(detoured && speaks6 ? [deafToRedirects(endpoint)] : []),
  ];
  return endpointSysctls(endpoint, ours);
}

/** The link-local address follows from the MAC address, as a guard expects it (ip-sysctl). */
function derivedLinkLocal({ netns, interface: link }: Endpoint): Sysctl {
  return { kind: "sysctl", netns, key: `net/ipv6/conf/${link}/addr_gen_mode`, value: "0" };
}

/**
 * The host redirects a container that reaches a neighbour through it to the neighbour itself (RFC 4861 §8), which isolated
 * ports block, and which may be on another host.
 */
function deafToRedirects({ netns, interface: link }: Endpoint): Sysctl {
  return { kind: "sysctl", netns, key: `net/ipv6/conf/${link}/accept_redirects`, value: "0" };
}

/**
 * The host replies to ARP in the place of neighbours, and IPv6 has no such thing for all of a subnet: they are sought by way of the
 * host from the start. The host itself is not, since the kernel takes no gateway that lies behind a gateway.
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

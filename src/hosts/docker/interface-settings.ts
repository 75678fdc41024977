import {
  type Drift,
  type Endpoint,
  endpointSysctls,
  familyOf,
  ipv6Sysctls,
  type Route,
  type Sysctl,
} from "../../api/index.js";
import { RtnetlinkProvider } from "../../kernel/rtnetlink/rtnetlink-provider.js";
import type { DockerEndpoint } from "./docker-resources.js";
import type { EndpointRecord, MovedLink } from "./endpoint-record.js";
import { findMoved, setUp } from "./moved-link.js";

/** The interface of an endpoint that a plug-in joined. */
interface JoinedInterface {
  readonly resource: DockerEndpoint;
  readonly record: EndpointRecord;
  readonly link: MovedLink;
}

/** Gives the interface, which is in its namespace, all that it has: parameters, addresses, routes. */
export async function applySettings({ resource, record, link }: JoinedInterface): Promise<void> {
  const { netns } = resource;
  using provider = new RtnetlinkProvider();
  await provider.ensure(sysctlsOf(resource, record, link.name));
  const found = findMoved(netns, link);
  if (found !== undefined)
    setUp(netns, found, { name: link.name, ...(record.mac === undefined ? {} : { mac: record.mac }) });
  await provider.ensure([...addressesOf(resource, record, link.name), ...routesOf(resource, record, link.name)]);
}

export async function inspectSettings({ resource, record, link }: JoinedInterface): Promise<readonly Drift[]> {
  using provider = new RtnetlinkProvider();
  const { name } = link;
  const lists = [sysctlsOf, addressesOf, routesOf].map((list) => list(resource, record, name));
  return provider.inspect(lists.flat());
}

function sysctlsOf({ netns, options }: DockerEndpoint, { addresses = [] }: EndpointRecord, link: string) {
  const hasIPv6 = addresses.some((address) => familyOf(address) === 6);
  const endpoint = { netns, interface: link, options } as Endpoint;
  return endpointSysctls(endpoint, ipv6Sysctls(link, hasIPv6, netns)) satisfies readonly Sysctl[];
}

function addressesOf({ netns }: DockerEndpoint, { addresses = [] }: EndpointRecord, link: string) {
  return addresses.map((address) => ({ kind: "address", netns, link, address }) as const);
}

/** Those on the link first: they lead to the gateways of others. Default routes rank as those of other networks do. */
function routesOf({ netns, metric }: DockerEndpoint, { routes = [], gateways = [] }: EndpointRecord, link: string) {
  const fixed = routes.toSorted((a, b) => Number(a.gateway !== undefined) - Number(b.gateway !== undefined));
  const ranked = metric === undefined ? {} : { metric };
  const all = [
    ...fixed.map((route): Route => ({ kind: "route", netns, link, ...route, ...(isDefault(route) ? ranked : {}) })),
    ...gateways.map((gateway): Route => {
      const destination = familyOf(gateway) === 6 ? "::/0" : "0.0.0.0/0";
      return { kind: "route", netns, link, destination, gateway, ...ranked };
    }),
  ];
  return metric === undefined ? all.filter((route) => !isDefault(route)) : all;
}

/** A route to everywhere, whose place among others the engine decides on. */
export function isDefault({ destination }: { readonly destination: string }): boolean {
  return destination.endsWith("/0");
}

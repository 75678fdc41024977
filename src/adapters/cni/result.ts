import { type EndpointDetails, familyOf, type Resource } from "../../api/index.js";
import { type CniVersion, isAtLeast } from "../../contracts/cni-version.js";
import { type Fields, isObject, type JsonObject } from "./fields.js";

/** A result as the specification has it since 0.3.0. Entries of plug-ins before this one keep what they hold. */
export interface Result {
  readonly interfaces: readonly JsonObject[];
  readonly ips: readonly JsonObject[];
  readonly routes: readonly JsonObject[];
  readonly dns: JsonObject;
}

/** An attachment as the runtime is told about it. */
export function resultOf(details: EndpointDetails, dns: JsonObject, version: CniVersion): Result {
  const { endpoint, network, resources } = details;
  const interfaces = interfacesOf(details, isAtLeast(version, "1.1.0"));
  const inside = interfaces.findIndex(({ sandbox }) => sandbox !== undefined);
  const gateways = new Map(network.subnets.map(({ cidr, gateway }) => [familyOf(cidr), gateway]));
  return {
    interfaces,
    ips: endpoint.addresses.map((address) => {
      const family = familyOf(address);
      const gateway = gateways.get(family);
      return {
        ...(isAtLeast(version, "1.0.0") ? {} : { version: String(family) }),
        interface: inside,
        address,
        ...(gateway === undefined ? {} : { gateway }),
      };
    }),
    routes: resources.flatMap((resource) => {
      if (resource.kind !== "route" || resource.netns !== endpoint.netns) return [];
      return [{ dst: resource.destination, ...(resource.gateway === undefined ? {} : { gw: resource.gateway }) }];
    }),
    dns,
  };
}

/** Links of the host first, as in CNI's own plug-ins, then the one in the namespace. */
function interfacesOf({ endpoint, resources }: EndpointDetails, hasMtu: boolean): readonly JsonObject[] {
  const links = resources.flatMap((resource: Resource) => (resource.kind === "link" ? [resource] : []));
  const bridges = links.flatMap((link) => (link.type === "veth" && link.master !== undefined ? [link.master] : []));
  const outside = links.filter(({ netns, name }) => netns === undefined && name !== endpoint.interface);
  const mtu = links.find((link) => link.mtu !== undefined)?.mtu;
  return [
    ...bridges.map((name) => ({ name })),
    ...outside.map(({ name, mac }) => ({ name, ...(mac === undefined ? {} : { mac }) })),
    {
      name: endpoint.interface,
      mac: endpoint.mac,
      ...(hasMtu && mtu !== undefined ? { mtu } : {}),
      sandbox: endpoint.netns,
    },
  ];
}

/** What a result of another plug-in says. Throws for what is none. */
export function readResult(fields: Fields): Result {
  const entries = (key: string): readonly JsonObject[] => (fields.objects(key) ?? []).map(({ values }) => values);
  return {
    interfaces: entries("interfaces"),
    ips: entries("ips"),
    routes: entries("routes"),
    dns: fields.object("dns")?.values ?? {},
  };
}

/** What plug-ins before this one made, and then this one's. */
export function joinResults(before: Result | undefined, own: Result): Result {
  if (before === undefined) return own;
  const moved = own.ips.map((ip) => ({ ...ip, interface: Number(ip.interface) + before.interfaces.length }));
  return {
    interfaces: [...before.interfaces, ...own.interfaces],
    ips: [...before.ips, ...moved],
    routes: [...before.routes, ...own.routes],
    dns: { ...before.dns, ...own.dns },
  };
}

/** Before 1.0.0 `dns` was always there. */
export function printResult({ interfaces, ips, routes, dns }: Result, version: CniVersion): string {
  const hasDns = !isAtLeast(version, "1.0.0") || (isObject(dns) && Object.keys(dns).length > 0);
  return JSON.stringify({
    cniVersion: version,
    ...(interfaces.length === 0 ? {} : { interfaces }),
    ...(ips.length === 0 ? {} : { ips }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(hasDns ? { dns } : {}),
  });
}

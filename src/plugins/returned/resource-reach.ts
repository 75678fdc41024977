import ipaddr from "ipaddr.js";
import {
  type Endpoint,
  familyOf,
  isIntent,
  type NatIntent,
  type Network,
  type Publish,
  type Resource,
  withoutPrefix,
} from "../../api/index.js";
import { quoted } from "./field.js";

/** Of what a list may speak, beside what it makes itself. */
export interface Reach {
  readonly network: Pick<Network, "subnets" | "options">;
  readonly endpoint?: Pick<Endpoint, "addresses" | "mac" | "ports" | "options">;
  /** Links of the host that the network's own list makes. */
  readonly networkLinks: readonly string[];
}

/**
 * What is wrong with a resource that reaches beyond its row: to links that neither the list nor the user names, to addresses of
 * others, to ports that nobody asked for. Undefined for one that does not. `links` are those of the host that the list has so far.
 */
export function reachFault(resource: Resource, reach: Reach, links: ReadonlySet<string>): string | undefined {
  if ("netns" in resource && resource.netns !== undefined) return undefined;
  const strange = linksOf(resource).find((name) => !links.has(name) && !isKnown(name, reach));
  if (strange !== undefined) return `for the link ${quoted(strange)}, which neither the list makes nor the user names`;
  const far = addressesIn(resource).find((address) => !isWithin(address, reach));
  if (far !== undefined) return `for ${far}, which is outside the network`;
  return isIntent(resource) ? intentFault(resource, reach) : undefined;
}

function intentFault(intent: NatIntent, { endpoint }: Reach): string | undefined {
  switch (intent.kind) {
    case "publish":
      return publicationFault(intent, endpoint);
    case "allow":
      return spanFault([intent.port], intent.count) ?? familyFault(intent.from, intent.address);
    case "masquerade":
      return familyFault(intent.address, intent.subnet);
    case "guard":
      return endpoint?.mac === intent.mac ? undefined : `for ${intent.mac}, which is not the endpoint's`;
    default:
      return undefined;
  }
}

function publicationFault(intent: Publish, endpoint: Reach["endpoint"]): string | undefined {
  const { hostAddress, containerAddress, hostPort, containerPort, count } = intent;
  const fault = spanFault([hostPort, containerPort], count) ?? familyFault(hostAddress, containerAddress);
  if (fault !== undefined) return fault;
  if (!isOwn(containerAddress, endpoint)) return `for ${containerAddress}, which is not the endpoint's`;
  return isAskedFor(intent, endpoint)
    ? undefined
    : `for port ${hostPort} of the host, which the endpoint does not publish`;
}

function spanFault(ports: readonly number[], count: number): string | undefined {
  return ports.some((port) => port + count > 65_536) ? "for ports beyond 65535" : undefined;
}

function familyFault(one: string | undefined, other: string): string | undefined {
  return one !== undefined && familyOf(one) !== familyOf(other) ? "of two families" : undefined;
}

/** Links of the host that a resource is about and does not make. */
function linksOf(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case "link":
      return [resource.master, resource.type === "vxlan" ? resource.parent : undefined].filter(
        (name) => name !== undefined,
      );
    case "address":
    case "route":
    case "neighbour":
      return [resource.link];
    case "fdb":
      return resource.via === undefined ? [resource.link] : [resource.link, resource.via];
    case "announcement":
      return [resource.port];
    case "guard":
      return [resource.bridge, resource.link];
    case "isolate":
      return [resource.bridge, resource.trunk, resource.inlet?.link, resource.remote?.link].filter(
        (name) => name !== undefined,
      );
    case "passage":
    case "masquerade":
    case "publish":
    case "allow":
      return [resource.bridge];
    default:
      return [];
  }
}

/** Addresses and subnets that must be the network's. */
function addressesIn(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case "address":
    case "neighbour":
      return [resource.address];
    case "route":
      return [resource.destination];
    case "masquerade":
      return [resource.subnet];
    case "passage":
      return resource.subnets;
    case "isolate":
      return resource.remote?.subnets ?? [];
    case "allow":
      return [resource.address, ...(resource.from === undefined ? [] : [resource.from])];
    case "guard":
      return resource.addresses;
    default:
      return [];
  }
}

/** Of the network's own list, or the value of an option; `eth0` of `eth0.20` too. */
function isKnown(name: string, { network, endpoint, networkLinks }: Reach): boolean {
  const given = [...Object.values(network.options), ...Object.values(endpoint?.options ?? {})];
  return networkLinks.includes(name) || given.some((value) => value === name || value.startsWith(`${name}.`));
}

/** Link-local addresses are every link's. A network whose addresses tsd does not manage has them where its driver says. */
function isWithin(text: string, { network: { subnets } }: Reach): boolean {
  if (subnets.length === 0) return true;
  const [address, length] = parsed(text);
  if (address.range() === "linkLocal") return true;
  return subnets.some(({ cidr }) => {
    const [subnet, prefix] = parsed(cidr);
    return subnet.kind() === address.kind() && length >= prefix && address.match(subnet as never, prefix);
  });
}

function parsed(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes("/")) return ipaddr.parseCIDR(text);
  return [ipaddr.parse(text), familyOf(text) === 6 ? 128 : 32];
}

function isOwn(address: string, endpoint: Reach["endpoint"]): boolean {
  const own = (endpoint?.addresses ?? []).map((one) => ipaddr.parse(withoutPrefix(one)).toNormalizedString());
  return own.includes(ipaddr.parse(address).toNormalizedString());
}

/** All of it is a part of one port, or range of ports, that the endpoint publishes. */
function isAskedFor(intent: Publish, endpoint: Reach["endpoint"]): boolean {
  return (endpoint?.ports ?? []).some(({ protocol, hostAddress, hostPort, containerPort, count }) => {
    const ahead = intent.hostPort - hostPort;
    const isPart = ahead >= 0 && ahead + intent.count <= count && intent.containerPort - containerPort === ahead;
    return isPart && protocol === intent.protocol && (hostAddress === undefined || hostAddress === intent.hostAddress);
  });
}

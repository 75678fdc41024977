import { type Family, familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Guard, Isolate, NatIntent, Resource } from "../../api/index.js";
import type {
  ContainerRow,
  EndpointRow,
  NetworkRow,
  PeerRow,
  Platform,
  Routing,
  Sockets,
} from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { isIn, isLoopback, type Packet } from "./packet.js";

/** What the kernel alone knows. */
export type Machine = Pick<Routing, "addresses" | "routeTo" | "uplinks"> &
  Pick<Platform, "parameter"> &
  Pick<Sockets, "isPortFree">;

export interface Facts {
  readonly networks: readonly NetworkRow[];
  readonly endpoints: readonly EndpointRow[];
  readonly containers: readonly ContainerRow[];
  /** Of networks that span hosts. */
  readonly peers: readonly PeerRow[];
  readonly machine: Machine;
}

/** Questions about what tsd made and the machine it made it on. */
export class Landscape {
  readonly machine: Machine;
  private readonly resources: readonly Resource[];
  private readonly hostAddresses: ReturnType<Machine["addresses"]>;

  constructor(readonly facts: Facts) {
    this.machine = facts.machine;
    this.resources = [...facts.networks, ...facts.endpoints].flatMap(({ resources }) => resources);
    const made = this.resources.flatMap((one) => (one.kind === "address" && one.netns === undefined ? [one] : []));
    const found = facts.machine.addresses();
    // What tsd gave the host counts as there, so that a missing bridge is reported as one.
    const lost = made.filter(({ link, address }) => !found.some((one) => one.link === link && one.address === address));
    this.hostAddresses = [...found, ...lost.filter(({ address }) => !isIn(address, "fe80::/10"))];
  }

  intents<K extends NatIntent["kind"]>(kind: K): readonly Extract<NatIntent, { kind: K }>[] {
    return this.resources.filter((one): one is Extract<NatIntent, { kind: K }> => one.kind === kind);
  }

  sysctls(key: string): readonly Resource[] {
    return this.resources.filter((one) => one.kind === "sysctl" && one.key === key);
  }

  /** What lets 127.0.0.0/8 be answered by a link. */
  localnets(link: string): readonly Resource[] {
    return this.resources.filter((one) => one.kind === "localnet" && one.link === link);
  }

  /** Of a bridge, or of what leads to other hosts of its network. */
  isolationOf(link: string): Isolate | undefined {
    return this.intents("isolate").find((one) => one.bridge === link || one.trunk === link);
  }

  /** Whether what passes from one to the other stays in one network; see {@link Isolate.group} and {@link Isolate.trunk}. */
  isOneBridge(from: string, to: string): boolean {
    const [one, other] = [this.isolationOf(from), this.isolationOf(to)];
    return (
      from === to || (one !== undefined && (one === other || (one.group !== undefined && one.group === other?.group)))
    );
  }

  /** As {@link isOneBridge}, or what passes between the bridge and other hosts without a tunnel; see {@link Isolate.remote}. */
  isOneNetwork(from: string, to: string, { source, destination }: Pick<Packet, "source" | "destination">): boolean {
    const isRemote = (bridge: string, link: string, address: string | undefined): boolean => {
      const remote = this.isolationOf(bridge)?.remote;
      return address !== undefined && remote?.link === link && remote.subnets.some((subnet) => isIn(address, subnet));
    };
    return this.isOneBridge(from, to) || isRemote(to, from, source) || isRemote(from, to, destination);
  }

  isHost(address: string): boolean {
    return isLoopback(address) || this.hostAddresses.some((one) => withoutPrefix(one.address) === address);
  }

  /** The host's address on a link that it would send from to `destination`, as the kernel chooses one (inet_select_addr). */
  hostAddressOn(link: string, destination: string): string | undefined {
    const family = familyOf(destination);
    const own = this.hostAddresses.filter((one) => one.link === link && familyOf(one.address) === family);
    const chosen = own.find(({ address }) => isIn(destination, address)) ?? own[0];
    return chosen === undefined ? undefined : withoutPrefix(chosen.address);
  }

  /** By which others know the host: that of its first uplink that has one, IPv4 before IPv6. */
  mainAddress(families: readonly Family[] = [4, 6]): string | undefined {
    const uplinks = this.machine.uplinks().map(({ name }) => name);
    return families
      .flatMap((family) => uplinks.flatMap((link) => this.hostAddressOn(link, family === 4 ? "0.0.0.0" : "::") ?? []))
      .at(0);
  }

  /** The network that an address belongs to; where several could, the one that the host sends to. */
  networkOf(address: string): NetworkRow | undefined {
    const possible = this.facts.networks.filter(({ id, network }) =>
      network.subnets.length === 0
        ? this.endpointAt(address, id) !== undefined
        : network.subnets.some(({ cidr }) => isIn(address, cidr)),
    );
    if (possible.length < 2) return possible[0];
    const link = this.machine.routeTo(address)?.link;
    return possible.find((row) => bridgeOf(row) === link) ?? possible[0];
  }

  endpointAt(address: string, networkId: string): EndpointRow | undefined {
    return this.facts.endpoints.find(
      ({ endpoint }) =>
        endpoint.networkId === networkId && endpoint.addresses.some((own) => withoutPrefix(own) === address),
    );
  }

  /** Endpoints of one namespace. */
  neighboursIn(netns: string): readonly EndpointRow[] {
    return this.facts.endpoints.filter(({ endpoint }) => endpoint.netns === netns);
  }

  network(id: string): NetworkRow | undefined {
    return this.facts.networks.find((row) => row.id === id);
  }

  /** Who lives behind an endpoint, in words, with those that share its namespace. */
  inhabitant({ endpoint, containerId }: EndpointRow): string {
    const own = this.facts.containers.find(({ id }) => id === containerId)?.container;
    const sharers = this.facts.containers
      .filter(({ id, container }) => id !== containerId && container.sandbox?.netns === endpoint.netns)
      .map(({ container }) => container.name);
    if (own !== undefined) return `container ${[own.name, ...sharers].join(" with ")}`;
    return sharers.length === 0 ? `namespace ${endpoint.netns}` : `container ${sharers.join(" with ")}`;
  }

  /** The container's name, for a command to type; its endpoint's id where it is none. */
  handle({ id, containerId }: EndpointRow): string {
    return this.facts.containers.find((row) => row.id === containerId)?.container.name ?? shortId(id);
  }
}

/** The link of the host that a network's packets come in by; undefined for a network without one. */
export function bridgeOf({ resources }: NetworkRow): string | undefined {
  return resources.flatMap((one) => (one.kind === "isolate" ? [one.bridge] : []))[0];
}

/** Drops what the endpoint sends in another's name, its replies among them, unless it is complete. */
export function guardOf({ resources }: EndpointRow): Guard | undefined {
  return resources.find((one) => one.kind === "guard");
}

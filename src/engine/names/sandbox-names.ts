import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { ContainerSpec, Endpoint, Network } from "../../api/index.js";
import { outlineOf } from "../../contracts/container-outline.js";
import type { Asked, ContainerRow, NamedPeer, NameMeaning, NameView, Store } from "../../contracts/index.js";
import { hostGateways } from "../sandbox/host-gateways.js";
import { type KnownNames, knownNames } from "../sandbox/known-names.js";
import { isSpoken, speaksIPv6 } from "../sandbox/name-files.js";
import { makerOf } from "../sandbox/sandbox.js";
import type { HostResolvers } from "./host-resolvers.js";
import type { LiveDirectory } from "./live-directory.js";
import { addNames, type NameMap, namesInLines } from "./name-map.js";
import type { NameQuestion, NamesElsewhere } from "./names-elsewhere.js";
import { isOf, isSayable, sayableOf } from "./remote-names.js";
import { canonicalAddress, isReserved, isSingleLabel, namesOfHost } from "./reserved-names.js";

export interface NameParts {
  readonly store: Pick<Store, "networks" | "endpoints" | "containers">;
  readonly directory: LiveDirectory;
  readonly hostResolvers: Pick<HostResolvers, "nameservers" | "search">;
  readonly elsewhere: NamesElsewhere;
}

/** A network that the container is on. */
interface Seat {
  readonly networkId: string;
  /** Behind the names of its containers: `.backend`. */
  readonly suffix: string;
  readonly own: NameMap;
  readonly links: NameMap;
  /** Otherwise IPv6 addresses of others mean nothing to it. */
  readonly speaks6: boolean;
  /** Of the default route; the lowest is the best. */
  readonly metric: number;
}

/**
 * What names mean in one sandbox: its own lines, its own names and links as the store had them when this was made, and the
 * names of its neighbours as the store has them now. Networks come in the order in which the default route prefers them.
 */
export class SandboxNames implements NameView {
  /** Links lead to containers on which nothing here depends. */
  readonly followsLinks: boolean;
  /** What its container asked for. */
  private readonly spec: Pick<ContainerSpec, "dns" | "dnsSearch">;
  private readonly fixed: NameMap;
  private readonly gateways: readonly string[];
  private readonly seats: readonly Seat[];
  private readonly ownAddresses: ReadonlyMap<string, string>;

  constructor(
    private readonly parts: NameParts,
    private readonly row: ContainerRow,
  ) {
    const { store, directory } = parts;
    const attached = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
    const known = knownNames(store, {
      container: row.container,
      linking: row,
      attached: attached.map(({ endpoint }) => endpoint),
    });
    this.spec = (makerOf(store, row) ?? row).container.spec;
    this.followsLinks = outlineOf(row).hasLinks;
    this.fixed = namesInLines(row.container.sandbox?.hosts ?? []);
    this.gateways = hostGateways(store, row);
    this.seats = known
      .flatMap((one) => {
        const { network } = directory.names(one.endpoint.networkId) ?? {};
        return network === undefined ? [] : [seatOf(one, network)];
      })
      .sort((a, b) => a.metric - b.metric);
    this.ownAddresses = new Map([
      // Of several names the first.
      ...[...this.fixed].reverse().flatMap(([name, list]) => list.map((one) => [canonicalAddress(one), name] as const)),
      ...known.flatMap(({ own, endpoint }) => {
        const { network } = directory.names(endpoint.networkId) ?? {};
        return own.addresses.map((one) => [withoutPrefix(one), `${row.container.name}.${network?.name}`] as const);
      }),
    ]);
  }

  get networkIds(): readonly string[] {
    return this.seats.map(({ networkId }) => networkId);
  }

  /** See {@link NameView.meaning}. */
  meaning(name: string): NameMeaning | Asked {
    const fixed = this.fixed.get(name.endsWith(".localhost") ? "localhost" : name) ?? this.linked(name);
    const addresses = fixed ?? this.find(name, this.seats) ?? this.host(name);
    if (addresses instanceof Promise) return addresses;
    return addresses === undefined ? this.qualified(name) : { kind: "known", addresses };
  }

  /** See {@link NameView.searched}. */
  searched(name: string): readonly string[] | Asked | undefined {
    const domains = this.spec.dnsSearch ?? this.parts.hostResolvers.search();
    for (const domain of domains) {
      const suffix = `.${domain.toLowerCase().replace(/\.$/, "")}`;
      const bare = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
      const addresses = isSingleLabel(bare) ? (this.linked(bare) ?? this.find(bare, this.seats)) : undefined;
      if (addresses !== undefined) return addresses;
    }
    return undefined;
  }

  /** See {@link NameView.nameOf}. */
  nameOf(text: string): string | Asked | undefined {
    const address = canonicalAddress(text);
    const own = this.ownAddresses.get(address);
    if (own !== undefined) return own;
    for (const { networkId } of this.seats) {
      const name = this.parts.directory.names(networkId)?.byAddress.get(address);
      if (name !== undefined) return name;
    }
    return this.nameElsewhere(address);
  }

  /** See {@link NameView.upstream}. */
  upstream(): readonly string[] {
    const networks = this.networkIds.flatMap((id) => this.parts.directory.names(id)?.network ?? []);
    if (networks.every(({ internal }) => internal)) return [];
    const servers = this.spec.dns ?? [...new Set(networks.flatMap(({ dns = [] }) => dns))];
    return servers.length > 0 ? servers : this.parts.hostResolvers.nameservers();
  }

  /** A link beats a neighbour of that name, as with docker. */
  private linked(name: string): readonly string[] | undefined {
    return this.seats.find(({ links }) => links.has(name))?.links.get(name);
  }

  /** Undefined where no container has the name on these networks. */
  private find(name: string, seats: readonly Seat[]): readonly string[] | Asked | undefined {
    const found: (readonly string[])[] = [];
    const asked: Asked[] = [];
    for (const { networkId, own, speaks6 } of seats) {
      const mine = own.get(name);
      if (mine !== undefined) found.push(mine);
      const names = this.parts.directory.names(networkId);
      const others = names?.byName.get(name);
      if (others !== undefined) found.push(speaks6 || !names?.has6 ? others : others.filter(isIPv4));
      const isKnown = mine !== undefined || others !== undefined;
      const more = names?.hasMore && isSayable(name) ? this.elsewhere(names.network, { name }, isKnown) : [];
      if (more instanceof Promise) asked.push(more);
      else found.push(...more.map(({ addresses }) => (speaks6 ? addresses : addresses.filter(isIPv4))));
    }
    // What is here waits for no other host: what those have joins it at the next question.
    if (found.length === 0) return allOf(asked);
    return found.length < 2 ? found[0] : [...new Set(found.flat())];
  }

  private elsewhere(network: Network, question: NameQuestion, isKnown: boolean): readonly NamedPeer[] | Asked {
    const asker = this.row.id;
    const found = this.parts.elsewhere.find({ asker, networkId: network.id, isKnown }, question);
    return found instanceof Promise ? found : found.flatMap((peer) => sayableOf(network, peer));
  }

  private nameElsewhere(address: string): string | Asked | undefined {
    const asked: Asked[] = [];
    for (const { networkId } of this.seats) {
      const names = this.parts.directory.names(networkId);
      if (!names?.hasMore || !isOf(names.network, address)) continue;
      const found = this.elsewhere(names.network, { address }, false);
      const [first] = found instanceof Promise ? [] : found;
      if (first !== undefined) return `${first.names[0]}.${names.network.name}`;
      if (found instanceof Promise) asked.push(found);
    }
    return allOf(asked);
  }

  private host(name: string): readonly string[] | undefined {
    return namesOfHost.has(name) && this.gateways.length > 0 ? this.gateways : undefined;
  }

  /** `NAME.NETWORK`, or what no container has. */
  private qualified(name: string): NameMeaning | Asked {
    const seats = this.seats.filter(({ suffix }) => name.endsWith(suffix));
    const meanings = seats.flatMap((seat) => {
      const bare = name.slice(0, -seat.suffix.length);
      return [seat.links.get(bare) ?? this.find(bare, [seat])].filter((one) => one !== undefined);
    });
    const found = meanings.flatMap((one) => (one instanceof Promise ? [] : [one]));
    if (found.length > 0) return { kind: "known", addresses: [...new Set(found.flat())] };
    const asked = allOf(meanings.filter((one) => one instanceof Promise));
    if (asked !== undefined) return asked;
    const isOurs = seats.some(({ suffix }) => isSingleLabel(name.slice(0, -suffix.length)));
    return { kind: isOurs || isSingleLabel(name) || isReserved(name) ? "unknown" : "foreign" };
  }
}

function seatOf({ endpoint, own, links }: KnownNames<Endpoint>, network: Network): Seat {
  const speaks = isSpoken(endpoint);
  const ownMap = new Map<string, string[]>();
  addNames(ownMap, own.names, own.addresses.map(withoutPrefix));
  const linkMap = new Map<string, string[]>();
  for (const { addresses, names } of links) addNames(linkMap, names, addresses.map(withoutPrefix).filter(speaks));
  return {
    networkId: endpoint.networkId,
    suffix: `.${network.name.toLowerCase()}`,
    own: ownMap,
    links: linkMap,
    speaks6: speaksIPv6(endpoint),
    metric: endpoint.metric ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Settled once all are, and rejected where all were: another look says what there is then. Undefined for none. */
function allOf(asked: readonly Asked[]): Asked | undefined {
  if (asked.length < 2) return asked[0];
  const settled = Promise.allSettled(asked).then((outcomes) => {
    // What one network has is there, whatever becomes of another.
    if (outcomes.every(({ status }) => status === "rejected")) throw new Error("no other host can be asked");
  });
  settled.catch(() => undefined);
  return settled;
}

function isIPv4(address: string): boolean {
  return familyOf(address) === 4;
}

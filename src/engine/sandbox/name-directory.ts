import { familyOf } from "../../api/address-family.js";
import type { Network } from "../../api/index.js";
import type { ContainerOutline, EndpointSummary, Store } from "../../contracts/index.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { isPresent } from "../rows/active-container.js";
import { shortId } from "../rows/identifiers.js";
import { hostNames, keptLines } from "./name-files.js";

type Outline = Pick<ContainerOutline, "container" | "hasLinks" | "ownsSandbox">;

/** A container on a network, as its neighbours know it. Its status may be another by now. */
export interface Neighbour extends Outline {
  readonly endpoint: EndpointSummary;
  readonly names: readonly string[];
}

/** Who is on which network. */
export interface Directory {
  /** All: containers that run or are about to. */
  on(networkId: string): readonly Neighbour[];
  /** Those that every container of the network learns. */
  listed(networkId: string): readonly Neighbour[];
}

/** Who is on which network now. Each network and each container is read once. */
export class NameDirectory implements Directory {
  private readonly networks = new Map<string, readonly Neighbour[]>();
  private readonly texts = new Map<string, NetworkText>();
  private readonly outlines = new Map<string, ContainerOutline | undefined>();

  constructor(private readonly store: Pick<Store, "networks" | "endpoints" | "containers">) {}

  on(networkId: string): readonly Neighbour[] {
    const outlineOf = ({ containerId = "" }: EndpointSummary): Outline | undefined => this.outline(containerId);
    return remembered(this.networks, networkId, () => readNeighbours(this.store, networkId, outlineOf));
  }

  listed(networkId: string): readonly Neighbour[] {
    const network = this.store.networks.get(networkId)?.network;
    return network !== undefined && listsNeighbours(network) ? this.on(networkId) : [];
  }

  outline(containerId: string): ContainerOutline | undefined {
    return remembered(this.outlines, containerId, () => this.store.containers.outline(containerId));
  }

  /** The containers that learn of a new one: all, or on the default network those with links. */
  concerned(networkId: string): readonly Neighbour[] {
    const network = this.store.networks.get(networkId)?.network;
    if (network === undefined) return [];
    return listsNeighbours(network) ? this.on(networkId) : this.on(networkId).filter(({ hasLinks }) => hasLinks);
  }

  /**
   * The lines of /etc/hosts about all containers of the network but one, each with its newline; without IPv6 for one that has
   * none there.
   */
  linesBeside(containerId: string, networkId: string, hasIPv6: boolean): string {
    const text = remembered(this.texts, `${networkId} ${hasIPv6}`, () => this.text(networkId, hasIPv6));
    return text.without(containerId);
  }

  /** Of several lines with a name, glibc takes the first alone. Where a resolver has all addresses, the name is left to it. */
  private text(networkId: string, hasIPv6: boolean): NetworkText {
    const neighbours = this.listed(networkId);
    const hasResolver = this.store.networks.get(networkId)?.network.disableDns !== true;
    const left = hasResolver ? sharedNames(neighbours) : new Set<string>();
    return new NetworkText(
      neighbours.map(({ container, endpoint: { addresses }, names }) => {
        const spoken = hasIPv6 ? addresses : addresses.filter((address) => familyOf(address) === 4);
        const written = names.filter((name) => !left.has(name.toLowerCase()));
        return [container.id, keptLines(spoken, written)];
      }),
    );
  }
}

/** A {@link NameDirectory} for as long as nothing is written to the store. */
export class CurrentDirectory {
  private latest: { readonly revision: number; readonly directory: NameDirectory } | undefined;

  constructor(private readonly store: Pick<Store, "networks" | "endpoints" | "containers" | "revision">) {}

  /** The same as before only if that is still true. */
  now(): NameDirectory {
    const revision = this.store.revision();
    if (this.latest?.revision !== revision) this.latest = { revision, directory: new NameDirectory(this.store) };
    return this.latest.directory;
  }
}

/** Reads a network. Of containers that an earlier reading had, the caller may know the outline. */
export function readNeighbours(
  { endpoints }: Pick<Store, "endpoints">,
  networkId: string,
  outlineOf: (endpoint: EndpointSummary) => Outline | undefined,
): readonly Neighbour[] {
  const present = endpoints.summaries(networkId).flatMap((endpoint) => {
    const { state, status } = endpoint;
    if (state === "deleting" || !isPresent(status)) return [];
    const outline = outlineOf(endpoint);
    return outline === undefined ? [] : [{ ...outline, endpoint }];
  });
  const taken = new Set(present.flatMap(givenNames).map((name) => name.toLowerCase()));
  return present.map((one) => ({ ...one, names: namesOf(one, taken) }));
}

/** The lines about all containers of a network as one text, from which those about one can be left out. */
class NetworkText {
  private readonly places = new Map<string, readonly [from: number, to: number]>();
  private readonly whole: string;

  constructor(parts: readonly (readonly [containerId: string, lines: readonly string[]])[]) {
    let whole = "";
    for (const [containerId, lines] of parts) {
      const from = whole.length;
      for (const line of lines) whole += `${line}\n`;
      this.places.set(containerId, [from, whole.length]);
    }
    this.whole = whole;
  }

  without(containerId: string): string {
    const [from, to] = this.places.get(containerId) ?? [0, 0];
    return this.whole.slice(0, from) + this.whole.slice(to);
  }
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as T;
  const value = find();
  known.set(key, value);
  return value;
}

type Present = Omit<Neighbour, "names">;

/** In lower case, those that several containers have. */
function sharedNames(neighbours: readonly Neighbour[]): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { names } of neighbours)
    for (const name of new Set(names.map((one) => one.toLowerCase()))) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

/** Names that a user gave it for others. */
function givenNames({ container, endpoint }: Present): readonly string[] {
  return [container.name, ...endpoint.aliases];
}

/** Its host's names too, unless a user gave that name to one of its neighbours. */
function namesOf(one: Present, taken: ReadonlySet<string>): readonly string[] {
  const { id, sandbox } = one.container;
  const others = [shortId(id), ...(sandbox === undefined ? [] : hostNames(sandbox))];
  return [...givenNames(one), ...others.filter((name) => !taken.has(name.toLowerCase()))];
}

/** As with docker, containers of the default network know each other by links alone. */
export function listsNeighbours({ name }: Pick<Network, "name">): boolean {
  return name !== defaultNetworkName;
}

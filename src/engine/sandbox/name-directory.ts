import type { Container, Network } from "../../api/index.js";
import type { EndpointSummary, Store } from "../../contracts/index.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { shortId } from "../rows/identifiers.js";
import { hostNames, keptLines } from "./name-files.js";

/** A container on a network, as its neighbours know it. */
export interface Neighbour {
  /** As it was when it came to the network: its status may be another by now. */
  readonly container: Container;
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

/** Who is on which network now. Each network is read once. */
export class NameDirectory implements Directory {
  private readonly networks = new Map<string, readonly Neighbour[]>();
  private readonly known = new Map<Neighbour, readonly string[]>();

  constructor(private readonly store: Pick<Store, "networks" | "endpoints" | "containers">) {}

  /** What a neighbour is in the /etc/hosts of all others, each of which has the same lines. */
  lines(neighbour: Neighbour): readonly string[] {
    const made = this.known.get(neighbour) ?? keptLines(neighbour.endpoint.addresses, neighbour.names);
    this.known.set(neighbour, made);
    return made;
  }

  on(networkId: string): readonly Neighbour[] {
    const known = this.networks.get(networkId);
    if (known !== undefined) return known;
    const found = readNeighbours(this.store, networkId);
    this.networks.set(networkId, found);
    return found;
  }

  /** The containers that learn of a new one: all, or on the default network those with links. */
  concerned(networkId: string): readonly Neighbour[] {
    const network = this.store.networks.get(networkId)?.network;
    if (network === undefined) return [];
    return listsNeighbours(network)
      ? this.on(networkId)
      : this.on(networkId).filter(({ container }) => hasLinks(container));
  }

  listed(networkId: string): readonly Neighbour[] {
    const network = this.store.networks.get(networkId)?.network;
    return network !== undefined && listsNeighbours(network) ? this.on(networkId) : [];
  }
}

/** Reads a network; of a neighbour in `before` only what changes while its endpoint stays. */
export function readNeighbours(
  { endpoints, containers }: Pick<Store, "endpoints" | "containers">,
  networkId: string,
  before: ReadonlyMap<string, Neighbour> = new Map(),
): readonly Neighbour[] {
  const present = endpoints.summaries(networkId).flatMap((endpoint) => {
    const { id, state, containerId, status } = endpoint;
    if (containerId === undefined || state === "deleting" || (status !== "starting" && status !== "running")) return [];
    const known = before.get(id)?.container;
    const container = known?.id === containerId ? known : containers.get(containerId)?.container;
    return container === undefined ? [] : [{ container, endpoint }];
  });
  const taken = new Set(present.flatMap(givenNames).map((name) => name.toLowerCase()));
  return present.map((one) => ({ ...one, names: namesOf(one, taken) }));
}

type Present = Omit<Neighbour, "names">;

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
export function listsNeighbours({ name }: Network): boolean {
  return name !== defaultNetworkName;
}

export function hasLinks({ spec }: Container): boolean {
  return spec.links !== undefined && spec.links.length > 0;
}

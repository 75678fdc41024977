import { type Family, familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Endpoint } from "../../api/index.js";
import type { ContainerRow, NetworkRow, Resolver } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { withoutPlugin } from "../requests/drivers.js";
import { foreignNamespace } from "../requests/foreign-namespace.js";
import { type Advice, inWords, oneOf } from "./advice.js";
import type { Caller, NamespaceCaller } from "./journey.js";
import type { Landscape } from "./landscape.js";
import { callerElsewhere, callerWith, endpointsCalled } from "./named-elsewhere.js";
import { containerCalled, type Resolve, type Resolved, resolverFor } from "./names.js";
import { canonicalAddress, isAddress } from "./parse-target.js";

/** Words for who takes no part. */
export interface Absent {
  readonly why: string;
  readonly advice: Advice;
}

/** Finds who is meant by a word of the user's. */
export class Who {
  private readonly resolvers = new Map<Caller, Resolve | undefined>();

  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers">,
    private readonly land: Landscape,
    private readonly host: Pick<Resolver, "resolverFiles">,
  ) {}

  /**
   * Throws `not-found` for no match, `conflict` for an ambiguous prefix, `invalid-input` for an address that no container
   * has.
   */
  caller(ref: string): Caller | Absent {
    if (ref === "host") return { kind: "host", name: "host" };
    if (ref === "outside") return { kind: "outside", name: "another machine" };
    if (isAddress(ref)) return this.callerAt(canonicalAddress(ref));
    const netns = foreignNamespace(ref);
    if (netns !== undefined) {
      return { kind: "namespace", name: `namespace ${netns}`, handle: ref, netns, rows: this.land.neighboursIn(netns) };
    }
    const network = this.network(ref);
    if (network !== undefined) return this.anybodyOn(network);
    const elsewhere = this.isHere(ref) ? undefined : callerElsewhere(this.land, ref);
    if (elsewhere !== undefined) return elsewhere;
    return this.callerIn(containerCalled(this.parts.store, ref));
  }

  /**
   * The address that is called: what the caller has for the name, else that of the container of that name, on a network of
   * the caller's before its others.
   */
  address(ref: string, caller: Caller): Called | Absent {
    if (isAddress(ref)) return { address: canonicalAddress(ref) };
    const families = familiesOf(caller);
    if (ref === "host") return { address: this.land.mainAddress(families) ?? "127.0.0.1" };
    const resolved = this.resolverOf(caller)?.(ref);
    const known = resolved?.addresses ?? [];
    const address = known.find((one) => families.includes(familyOf(one))) ?? known[0];
    if (resolved !== undefined && address !== undefined) {
      return { address: canonicalAddress(address), named: whoHas(ref, address, resolved) };
    }
    const elsewhere = this.isHere(ref) ? [] : endpointsCalled(this.land, ref).flatMap(({ addresses }) => addresses);
    const remote = elsewhere.find((one) => families.includes(familyOf(one))) ?? elsewhere[0];
    const callee = remote ?? this.addressOf(this.calledFor(ref, resolved), caller);
    if (typeof callee !== "string") return callee;
    return resolved === undefined
      ? { address: callee }
      : { address: callee, named: `${resolved.by} does not know ${ref}` };
  }

  /** Made once for a caller. */
  private resolverOf(caller: Caller): Resolve | undefined {
    const { land } = this;
    if (!this.resolvers.has(caller))
      this.resolvers.set(caller, resolverFor({ store: this.parts.store, land }, this.host, caller));
    return this.resolvers.get(caller);
  }

  private calledFor(ref: string, resolved: Resolved | undefined): ContainerRow {
    try {
      return containerCalled(this.parts.store, ref);
    } catch (error) {
      const { by, asks } = resolved ?? {};
      if (!TsdError.is(error, "not-found") || by === undefined || asks === undefined) throw error;
      throw forwarded(ref, { by, asks }, error);
    }
  }

  private addressOf(row: ContainerRow, caller: Caller): string | Absent {
    const families = familiesOf(caller);
    const callee = this.callerIn(row);
    if ("why" in callee) return callee;
    if (callee.kind !== "namespace") return this.land.mainAddress(families) ?? "127.0.0.1";
    const shared = new Set(caller.kind === "namespace" ? caller.rows.map(({ endpoint }) => endpoint.networkId) : []);
    const rank = ({ networkId, metric = Number.MAX_SAFE_INTEGER }: Endpoint) => (shared.has(networkId) ? -1 : metric);
    const addresses = callee.rows
      .map(({ endpoint }) => endpoint)
      .sort((a, b) => rank(a) - rank(b))
      .flatMap((endpoint) => endpoint.addresses.map(withoutPrefix));
    const chosen = addresses.find((address) => families.includes(familyOf(address))) ?? addresses[0];
    if (chosen !== undefined) return chosen;
    // Who shares a namespace without networks has its loopback in common.
    if (caller.kind === "namespace" && caller.netns === callee.netns) return "127.0.0.1";
    return {
      why: `${callee.name} is on no network`,
      advice: inWords(`Connect it to one: tsd network connect NETWORK ${callee.handle}`),
    };
  }

  private isContainer(name: string): boolean {
    return this.parts.store.containers.named(name) !== undefined;
  }

  /** By a name or an alias; a part of an id comes after the names of other hosts' containers. */
  private isHere(ref: string): boolean {
    return (
      this.isContainer(ref) || this.parts.store.endpoints.list().some(({ endpoint }) => endpoint.aliases?.includes(ref))
    );
  }

  /** A container's name beats a network's, both beat an alias, and that beats a part of an id. */
  private network(ref: string): NetworkRow | undefined {
    const { networks, containers } = this.parts.store;
    if (this.isContainer(ref)) return undefined;
    const named = networks.named(ref);
    if (named !== undefined) return named;
    if (this.isHere(ref) || endpointsCalled(this.land, ref).length > 0) return undefined;
    if (containers.list().some(({ id }) => id.startsWith(ref))) return undefined;
    try {
      return networks.resolve(ref);
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      if (error.kind === "not-found") throw nobody(ref);
      throw error;
    }
  }

  private anybodyOn(row: NetworkRow): Caller | Absent {
    const { network } = row;
    const driver = withoutPlugin(() => this.parts.drivers.get(network.driver));
    if (network.subnets.length === 0 || driver === undefined) {
      return { why: `network "${network.name}" has no addresses`, advice: inWords("Name a container.") };
    }
    const endpoint: Endpoint = {
      ...{
        id: "0".repeat(64),
        networkId: row.id,
        netns: "/",
        interface: "eth0",
        mac: "02:00:00:00:00:00",
        ports: [],
        metric: 1,
      },
      addresses: network.subnets.map(({ cidr }) => cidr),
    };
    const { owner, state } = row;
    const resources = withoutPlugin(() => driver.endpoint(network, endpoint));
    if (resources === undefined) {
      return {
        why: `driver "${network.driver}" fails for network "${network.name}"`,
        advice: inWords("Name a container."),
      };
    }
    return {
      kind: "namespace",
      name: `anybody on network "${network.name}"`,
      rows: [{ id: endpoint.id, state, owner, endpoint, resources }],
    };
  }

  private callerIn({ container }: ContainerRow): NamespaceCaller | Exclude<Caller, { kind: "outside" }> | Absent {
    const { name, sandbox, status } = container;
    if (status !== "running" || sandbox === undefined) {
      return {
        why: `container "${name}" does not run: it is ${status}`,
        advice: oneOf({ what: "Start it", command: ["start", name] }),
      };
    }
    const { netns } = sandbox;
    if (netns === undefined) return { kind: "host", name: `container ${name}, which shares the host's network,` };
    return { kind: "namespace", name: `container ${name}`, handle: name, netns, rows: this.land.neighboursIn(netns) };
  }

  private callerAt(address: string): Caller {
    if (this.land.isHost(address)) return { kind: "host", name: "host" };
    const network = this.land.networkOf(address);
    if (network === undefined) return { kind: "outside", name: "another machine", address };
    const row = this.land.endpointAt(address, network.id);
    const elsewhere = row === undefined ? callerWith(this.land, network, address) : undefined;
    if (elsewhere !== undefined) return elsewhere;
    if (row === undefined) throw nobodyThere(address, network.network.name);
    const { netns } = row.endpoint;
    return {
      kind: "namespace",
      name: this.land.inhabitant(row),
      handle: this.land.handle(row),
      netns,
      rows: this.land.neighboursIn(netns),
    };
  }
}

/** In which a caller can speak; an unknown one in both. */
function familiesOf(caller: Caller): readonly Family[] {
  if (caller.kind === "outside" && caller.address !== undefined) return [familyOf(caller.address)];
  if (caller.kind === "elsewhere") return [...new Set(caller.addresses.map(familyOf))];
  if (caller.kind !== "namespace" || caller.rows.length === 0) return [4, 6];
  const spoken = new Set(caller.rows.flatMap(({ endpoint }) => endpoint.addresses.map(familyOf)));
  return ([4, 6] as const).filter((family) => spoken.has(family));
}

function nobody(ref: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CALLER_NOT_FOUND",
    message: `neither a container nor a network "${ref}" exists`,
    hint: "Name one that tsd ps or tsd network ls shows, host, outside, or an address.",
    details: { ref },
  });
}

function nobodyThere(address: string, network: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CALLER_NOT_FOUND",
    message: `no container on network "${network}" has address ${address}`,
    hint: `Name one that it has (tsd network inspect ${network}), or the network itself for anybody on it.`,
    details: { address, network },
  });
}

/** The address that is called, and in words by whom the caller has it, where it was called by a name. */
export interface Called {
  readonly address: string;
  readonly named?: string;
}

function whoHas(name: string, address: string, { by, nameOf }: Resolved): string {
  const owner = nameOf(address);
  return `${by} says that ${name} is ${address}${owner === undefined ? "" : `, ${owner}`}`;
}

function forwarded(
  name: string,
  { by, asks }: Pick<Resolved, "by"> & { readonly asks: readonly string[] },
  cause: TsdError,
) {
  const servers = asks.length === 0 ? "nobody" : asks.join(", ");
  return new TsdError({
    kind: "not-found",
    code: cause.code,
    message: `no container is called "${name}": ${by} asks ${servers} for it`,
    hint: `For another machine give its address, not its name: getent ahosts ${name}`,
    details: { ref: name, asks },
    cause,
  });
}

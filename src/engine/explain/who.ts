import { type Family, familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Endpoint } from "../../api/index.js";
import type { ContainerRow, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { withoutPlugin } from "../requests/drivers.js";
import { foreignNamespace } from "../requests/foreign-namespace.js";
import type { Caller, NamespaceCaller } from "./journey.js";
import type { Landscape } from "./landscape.js";
import { addressesNamed, containerCalled } from "./names.js";
import { canonicalAddress, isAddress } from "./parse-target.js";

/** Words for who takes no part. */
export interface Absent {
  readonly why: string;
  readonly hint: string;
}

/** Finds who is meant by a word of the user's. */
export class Who {
  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers">,
    private readonly land: Landscape,
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
    return this.callerIn(containerCalled(this.parts.store, ref));
  }

  /**
   * The address that is called: that of a container on a network of the caller's before its others, or what the caller
   * knows by that name.
   */
  address(ref: string, caller: Caller): string | Absent {
    if (isAddress(ref)) return canonicalAddress(ref);
    const families = familiesOf(caller);
    if (ref === "host") return this.land.mainAddress(families) ?? "127.0.0.1";
    if (!this.isContainer(ref)) {
      const known = addressesNamed(this.parts.store, caller, ref);
      const chosen = known.find((address) => families.includes(familyOf(address))) ?? known[0];
      if (chosen !== undefined) return canonicalAddress(chosen);
    }
    const callee = this.callerIn(containerCalled(this.parts.store, ref));
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
      hint: `Connect it to one: tsd network connect NETWORK ${callee.handle}`,
    };
  }

  private isContainer(name: string): boolean {
    return this.parts.store.containers.named(name) !== undefined;
  }

  /** A container's name beats a network's, both beat an alias, and that beats a part of an id. */
  private network(ref: string): NetworkRow | undefined {
    const { networks, containers, endpoints } = this.parts.store;
    if (this.isContainer(ref)) return undefined;
    const named = networks.named(ref);
    if (named !== undefined) return named;
    if (endpoints.list().some(({ endpoint }) => endpoint.aliases?.includes(ref))) return undefined;
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
      return { why: `network "${network.name}" has no addresses`, hint: "Name a container." };
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
      return { why: `driver "${network.driver}" fails for network "${network.name}"`, hint: "Name a container." };
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
      return { why: `container "${name}" does not run: it is ${status}`, hint: `Start it: tsd start ${name}` };
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

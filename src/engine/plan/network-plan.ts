import { familyOf } from "../../api/address-family.js";
import type { Network, Subnet, TakenRange } from "../../api/index.js";
import type { Host, NetworkRow, Resolver, Routing } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { requireAdoptedBridges } from "../host-facts/adopted-bridges.js";
import { ownLinks, readFacts } from "../host-facts/host-facts.js";
import { hostView } from "../host-facts/host-view.js";
import { reachable } from "../host-facts/resolvers.js";
import { refuseTakenLinks } from "../host-facts/taken-links.js";
import type { NetworkRequest } from "../requests/network-request.js";
import { splitShared } from "../resources/shared-resources.js";
import { newId, newMac } from "../rows/identifiers.js";
import { reserveForNamesakes } from "./address-lease.js";
import { poolBases } from "./pool-bases.js";

type NetworkPlanParts = Pick<Parts, "store" | "processes" | "addressBook" | "settings">;

/**
 * Decides everything about a network and writes it down, in the caller's transaction; nothing exists in the kernel yet. What
 * it shares with the host is listed later, see {@link claimShared}.
 */
export function planNetwork(parts: NetworkPlanParts, host: Host, request: NetworkRequest): NetworkRow {
  const { store, processes } = parts;
  const { spec, driver, options } = request;
  const internal = spec.internal ? { internal: true } : {};
  refuseDuplicate(parts, spec.name);
  const id = newId();
  const facts = driver.observe?.(hostView(store, host), { id, name: spec.name, options, ...internal });
  const network: Network = {
    id,
    name: spec.name,
    driver: driver.type,
    created: new Date().toISOString(),
    subnets: requestPools(parts, host, { networkId: id, request }),
    options,
    labels: spec.labels ?? {},
    mac: newMac(),
    ...readFacts(store, host),
    ...(facts === undefined ? {} : { facts }),
    ...internal,
    ...(parts.settings()["ip-forward"] === false ? { leaveForwarding: true } : {}),
  };
  const { own: resources } = splitShared(host, driver.network(network));
  refuseTakenLinks(store, host, resources);
  requireAdoptedBridges(host, resources);
  const row: NetworkRow = { id, state: "creating", owner: processes.self(), resources, network };
  store.networks.insert(row);
  if (driver.capabilities.needsIpam) reserveForNamesakes(parts, network);
  return row;
}

interface PoolRequests {
  readonly networkId: string;
  readonly request: NetworkRequest;
}

function requestPools(
  parts: NetworkPlanParts,
  host: Routing & Resolver,
  { networkId, request }: PoolRequests,
): readonly Subnet[] {
  const { spec, subnets } = request;
  if (subnets.length === 0) return [];
  const taken = takenRanges(parts, host);
  const mayOverlap = spec.allowOverlap || request.driver.capabilities.joinsLan;
  const allow = mayOverlap ? { allowOverlap: true } : {};
  return subnets.map((requested) => {
    const defaults =
      requested.subnet === undefined ? poolBases(parts.store, parts.settings(), requested.family) : undefined;
    const given = defaults === undefined ? {} : { defaults };
    return parts.addressBook.requestPool({ networkId, taken, ...requested, ...allow, ...given });
  });
}

function takenRanges(parts: NetworkPlanParts, host: Routing & Resolver): readonly TakenRange[] {
  const own = ownLinks(parts.store);
  const networks = parts.store.networks
    .list()
    .flatMap(({ network: { name, subnets } }) =>
      subnets.map(({ cidr }): TakenRange => ({ cidr, owner: `network "${name}" (${cidr})`, by: "network" })),
    );
  const routes = host
    .routes()
    .filter(({ link }) => !own.has(link))
    .map(({ cidr, link }): TakenRange => ({ cidr, owner: `route ${cidr} dev ${link}`, by: "host" }));
  const nameservers = [...new Set(reachable(host.resolverFiles(), { families: [4, 6] }))].map(
    (address): TakenRange => ({
      cidr: `${address}/${familyOf(address) === 6 ? 128 : 32}`,
      owner: `nameserver ${address}`,
      by: "host",
    }),
  );
  return [...networks, ...routes, ...nameservers];
}

function refuseDuplicate({ store }: NetworkPlanParts, name: string): void {
  const existing = store.networks.list().find(({ network }) => network.name === name);
  if (existing === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_EXISTS",
    message: `network "${name}" exists already, with id ${existing.id.slice(0, 12)}`,
    hint: `Choose another name, or remove it first: tsd network rm ${name}`,
    details: { name, id: existing.id },
  });
}

import { familyOf } from "../../api/address-family.js";
import type { NetworkIpam, Pool, PoolRequest, Subnet, TakenRange } from "../../api/index.js";
import type { Resolver, Routing } from "../../contracts/index.js";
import type { MemberPlace } from "../contracts/cluster.js";
import type { Parts } from "../contracts/parts.js";
import { ownLinks } from "../host-facts/own-links.js";
import { reachable } from "../host-facts/resolvers.js";
import type { NetworkRequest } from "../requests/network-request.js";
import { newId } from "../rows/identifiers.js";
import { poolBases } from "./pool-bases.js";
import type { Lacking, Proposed } from "./proposed.js";
import { refuseProposal } from "./refused-proposal.js";

type PoolParts = Pick<Parts, "store" | "addressBook" | "settings">;

interface NetworkPools {
  /** The network's, which an IPAM driver knows already. */
  readonly id: string;
  readonly subnets: readonly Subnet[];
}

/** Draws a network's id and takes its pools, one for each family, in the caller's transaction. */
export function takePools(
  parts: PoolParts,
  host: Routing & Resolver,
  { request, proposed }: { readonly request: NetworkRequest; readonly proposed: Proposed },
): NetworkPools {
  const { spec, subnets, ipam } = request;
  if (proposed.place !== undefined) return takeClusterPools(parts, host, { spec, record: proposed.place.record });
  if (subnets.length === 0) return { id: newId(), subnets: [] };
  const taken = takenRanges(parts, host);
  const mayOverlap = spec.allowOverlap || request.driver.capabilities.joinsLan;
  const allow = mayOverlap ? { allowOverlap: true } : {};
  const requestsOf = (networkId: string): readonly PoolRequest[] =>
    subnets.map((requested) => ({ networkId, taken, ...requested, ...allow }));
  if (ipam === undefined) {
    const id = newId();
    return { id, subnets: requestsOf(id).map((pool) => parts.addressBook.requestPool(withBases(parts, pool))) };
  }
  const { holder: id, proposals } = proposed.require("pools", () => {
    const holder = newId();
    const requests = requestsOf(holder);
    // What the user asks for is tsd's to check before anybody is asked; the transaction is rolled back.
    for (const pool of requests) if (pool.subnet !== undefined) parts.addressBook.requestPool(pool);
    return lackingPools({ id: holder, name: spec.name, ipam }, requests);
  });
  parts.store.debts.delete(id);
  return {
    id,
    subnets: requestsOf(id).map((pool, index) => {
      const proposal = proposals[index] as Pool | undefined;
      if (proposal === undefined) return parts.addressBook.requestPool(withBases(parts, pool));
      return refuseProposal({ ipam, verb: "proposePool" }, () => parts.addressBook.requestPool(pool, proposal));
    }),
  };
}

/** As the cluster has them. */
function takeClusterPools(
  parts: PoolParts,
  host: Routing & Resolver,
  { spec, record }: { readonly spec: NetworkRequest["spec"]; readonly record: MemberPlace["record"] },
): NetworkPools {
  const { id, subnets } = record;
  const taken = takenRanges(parts, host);
  const allow = spec.allowOverlap ? { allowOverlap: true } : {};
  const requests = subnets.map(({ cidr, gateway }) => ({ networkId: id, subnet: cidr, gateway, taken, ...allow }));
  return { id, subnets: requests.map((request) => parts.addressBook.requestPool(request)) };
}

interface FutureNetwork {
  readonly id: string;
  readonly name: string;
  readonly ipam: NetworkIpam;
}

function lackingPools({ id, name, ipam }: FutureNetwork, requests: readonly PoolRequest[]): Lacking {
  return {
    debt: { holder: id, of: "network", networkId: id, networkName: name, ipam },
    ask: async (driver) => {
      const pools: unknown[] = [];
      for (const { defaults: _defaults, allowOverlap: _allow, family = 4, ...request } of requests) {
        pools.push(await driver.proposePool({ ...request, family, networkName: name, options: ipam.options }));
      }
      return pools;
    },
  };
}

/** Where free pools come from that nobody names. */
function withBases({ store, settings }: PoolParts, request: PoolRequest): PoolRequest {
  const defaults = request.subnet === undefined ? poolBases(store, settings(), request.family ?? 4) : undefined;
  return defaults === undefined ? request : { ...request, defaults };
}

function takenRanges({ store }: PoolParts, host: Routing & Resolver): readonly TakenRange[] {
  const own = ownLinks(store);
  const networks = store.networks
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

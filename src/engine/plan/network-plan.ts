import type { Network, NetworkRow, NetworkSpec, Subnet, TakenRange } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Host } from "../contracts/host.js";
import type { Parts } from "../contracts/parts.js";
import { requireAdoptedBridges } from "../host-facts/adopted-bridges.js";
import { ownLinks, readFacts } from "../host-facts/host-facts.js";
import { reachable } from "../host-facts/resolvers.js";
import { refuseTakenLinks } from "../host-facts/taken-links.js";
import { requireDriver } from "../requests/drivers.js";
import { sortSubnetWishes } from "../requests/subnet-wishes.js";
import { splitShared } from "../resources/shared-resources.js";
import { newId, newMac } from "../rows/identifiers.js";
import { reserveForNamesakes } from "./address-lease.js";
import { poolBases } from "./pool-bases.js";

type NetworkPlanParts = Pick<Parts, "store" | "processes" | "ipam" | "drivers" | "settings">;

/**
 * Decides everything about a network and writes it down, in the caller's transaction; nothing exists in the kernel yet. What
 * it shares with the host is listed later, see {@link claimShared}.
 */
export function planNetwork(parts: NetworkPlanParts, host: Host, spec: NetworkSpec): NetworkRow {
  const { store, processes, drivers } = parts;
  refuseDuplicate(parts, spec.name);
  const driver = requireDriver(drivers, spec.driver ?? "bridge");
  if (driver.capabilities.singleton) throw refuseSingleton(driver.type);
  const options = driver.parseOptions(spec.options ?? {});
  const id = newId();
  const network: Network = {
    id,
    name: spec.name,
    driver: driver.type,
    created: new Date().toISOString(),
    subnets: driver.capabilities.needsIpam ? requestPools(parts, host, { id, spec }) : [],
    options,
    labels: spec.labels ?? {},
    mac: newMac(),
    ...readFacts(store, host),
    ...(spec.internal ? { internal: true } : {}),
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
  readonly id: string;
  readonly spec: NetworkSpec;
}

function requestPools(parts: NetworkPlanParts, host: Host, { id, spec }: PoolRequests): readonly Subnet[] {
  const taken = takenRanges(parts, host);
  const allow = spec.allowOverlap === undefined ? {} : { allowOverlap: spec.allowOverlap };
  return sortSubnetWishes(spec).map((wishes) => {
    const defaults = wishes.subnet === undefined ? poolBases(parts.store, parts.settings(), wishes.family) : undefined;
    const request = { networkId: id, taken, ...wishes, ...allow, ...(defaults === undefined ? {} : { defaults }) };
    return parts.ipam.requestPool(request);
  });
}

function takenRanges(parts: NetworkPlanParts, host: Host): readonly TakenRange[] {
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
      cidr: `${address}/${address.includes(":") ? 128 : 32}`,
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

function refuseSingleton(driver: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_DRIVER_SINGLETON",
    message: `there is one network of driver "${driver}" only, and it exists already`,
    hint: `Use it as it is: tsd run --net ${driver}`,
    details: { driver },
  });
}

import type { ClusterPlace, Network } from "../../api/index.js";
import type { Host, NetworkRecord, NetworkRow, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { requireAdoptedBridges } from "../host-facts/adopted-bridges.js";
import { readFacts } from "../host-facts/host-facts.js";
import { hostView } from "../host-facts/host-view.js";
import { refuseTakenLinks } from "../host-facts/taken-links.js";
import { refusePublishedPorts } from "../host-facts/wire-ports.js";
import type { NetworkRequest } from "../requests/network-request.js";
import { type PlannedNetwork, splitShared } from "../resources/shared-resources.js";
import { networkNotes } from "../rows/cluster-notes.js";
import { newMac } from "../rows/identifiers.js";
import { requireMembership } from "../rows/membership.js";
import { reserveForNamesakes } from "./address-lease.js";
import { adoptionClaim, clusterPlace, imaginedPlace, limitPools, newNetworkClaim } from "./cluster-place.js";
import { takePools } from "./network-pools.js";
import type { Proposed } from "./proposed.js";
import { wireguardPlace } from "./wireguard-place.js";

type NetworkPlanParts = Pick<
  Parts,
  "store" | "processes" | "addressBook" | "settings" | "drivers" | "membership" | "wireguardKeys"
>;

interface NetworkToPlan {
  readonly request: NetworkRequest;
  readonly proposed: Proposed;
  /** The cluster has the network already. */
  readonly adopted?: NetworkRecord | undefined;
}

/**
 * Decides everything about a network and writes it down, in the caller's transaction; nothing exists in the kernel yet. What
 * it shares with the host is listed later, see {@link claimShared}.
 */
export function planNetwork(
  parts: NetworkPlanParts,
  host: Host,
  { request, proposed, adopted }: NetworkToPlan,
): PlannedNetwork {
  const { store, processes } = parts;
  const { spec, driver, options, ipam } = request;
  const internal = spec.internal ? { internal: true } : {};
  refuseDuplicate(parts, spec.name);
  forgetReturned(store, proposed);
  const { id, subnets } = takePools(parts, host, { request, proposed });
  const facts = driver.observe?.(hostView(store, host), { id, name: spec.name, options, ...internal });
  const mac = newMac();
  const cluster = driver.capabilities.spansHosts
    ? placeOf(parts, host, { proposed, draft: { id: adopted?.id ?? id, name: spec.name, options, subnets, mac } })
    : undefined;
  const extension = parts.drivers.extensionOf(driver.type);
  const network: Network = {
    id,
    name: spec.name,
    driver: driver.type,
    ...(extension === undefined ? {} : { extension }),
    created: new Date().toISOString(),
    subnets,
    options,
    labels: spec.labels ?? {},
    mac,
    ...readFacts(store, host),
    ...(facts === undefined ? {} : { facts }),
    ...internal,
    ...(cluster === undefined ? {} : { cluster }),
    ...(ipam === undefined ? {} : { ipam }),
    ...(spec.managedBy === undefined ? {} : { managedBy: spec.managedBy }),
    ...(spec.dns === undefined ? {} : { dns: spec.dns }),
    ...(spec.disableDns ? { disableDns: true } : {}),
    ...(parts.settings()["ip-forward"] === false ? { leaveForwarding: true } : {}),
  };
  const listed = driver.network(network);
  const { own: resources } = splitShared(host, listed);
  refuseTakenLinks(store, host, resources);
  requireAdoptedBridges(host, resources);
  refusePublishedPorts(store, network, resources);
  if (cluster !== undefined && proposed.place === undefined)
    proposed.requireClaim(
      adopted === undefined
        ? newNetworkClaim(parts.wireguardKeys, network)
        : adoptionClaim(parts.wireguardKeys, { ...network, id: adopted.id }),
    );
  const row: NetworkRow = { id, state: "creating", owner: processes.self(), resources, network };
  store.networks.insert(row);
  if (proposed.place !== undefined) limitPools(parts, network, proposed.place.held);
  if (driver.capabilities.needsIpam) reserveForNamesakes(parts, network);
  return { row, listed };
}

/** Another command that claimed the same may have begun to give it back since: it is claimed again. */
function forgetReturned(store: Store, proposed: Proposed): void {
  const { place } = proposed;
  if (place === undefined) return;
  const note = networkNotes(store, place.record.id)[0];
  if (note?.state !== "claimed") proposed.place = undefined;
}

function placeOf(
  parts: NetworkPlanParts,
  host: Host,
  {
    proposed: { place },
    draft,
  }: {
    readonly proposed: Proposed;
    readonly draft: Pick<Network, "id" | "name"> & Parameters<typeof imaginedPlace>[2];
  },
): ClusterPlace {
  const member = requireMembership(parts.membership());
  const found = place === undefined ? imaginedPlace(host, member, draft) : clusterPlace(host, member, place);
  const wireguard = wireguardPlace(parts, host, { draft, place });
  return wireguard === undefined ? found : { ...found, wireguard };
}

function refuseDuplicate({ store }: NetworkPlanParts, name: string): void {
  const existing = store.networks.named(name);
  if (existing === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_EXISTS",
    message: `network "${name}" exists already, with id ${existing.id.slice(0, 12)}`,
    hint: `Choose another name, or remove it first: tsd network rm ${name}`,
    details: { name, id: existing.id },
  });
}

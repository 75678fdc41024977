import type { Resource } from "../../api/index.js";
import type { EndpointRow, NetworkRow, Owner, PeerRow, Store } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Parts } from "../contracts/parts.js";
import { ensureEach } from "./ensure-each.js";
import { interleave } from "./interleave.js";
import { learnEndpoints } from "./learned-endpoints.js";

type RevivalParts = Pick<Parts, "store" | "processes" | "applier" | "host">;

/**
 * Makes `resources` exist, and before them those of the endpoints' networks that were made before the machine last booted
 * and went with that; those that span hosts are followed again. The endpoints are in the store, so that nobody removes the
 * networks meanwhile. Returns them as they are now, see {@link learnEndpoints}.
 */
export async function ensureOnNetworks(
  parts: RevivalParts,
  endpoints: readonly EndpointRow[],
  resources: readonly Resource[],
): Promise<readonly EndpointRow[]> {
  const { store, processes, applier } = parts;
  const self = processes.self();
  const ids = new Set(endpoints.map(({ endpoint }) => endpoint.networkId));
  const networks = [...ids].flatMap((id) => store.networks.get(id) ?? []);
  const lost = networks.filter(({ state, owner }) => state === "ready" && owner.bootId !== self.bootId);
  if (lost.length > 0) await revive(parts, lost);
  await applier.ensure([...membershipsOf(networks), ...resources]);
  return learnEndpoints(parts, endpoints);
}

/** What keeps networks in line with other hosts is a process, and may have died since. */
function membershipsOf(networks: readonly NetworkRow[]): readonly Resource[] {
  return networks.flatMap(({ resources }) => resources.filter(({ kind }) => kind === "membership"));
}

/** With the peers that went with that boot; the network's agent may have made some of them by now. */
async function revive({ store, processes, applier }: RevivalParts, lost: readonly NetworkRow[]): Promise<void> {
  const self = processes.self();
  await applier.ensure(interleave(lost.map(({ resources }) => resources)));
  const peers = store.unsyncedTransaction(() => lost.flatMap(({ id }) => claimPeers(store, id, self)));
  // One that cannot be made is left to the agent, which tries again and reports it.
  const failed = await ensureEach(applier, peers);
  store.transaction(() => {
    for (const { id, owner } of lost) {
      const found = store.networks.get(id);
      if (found !== undefined && sameOwner(found.owner, owner)) store.networks.update({ ...found, owner: self });
    }
    for (const row of peers) {
      const found = store.peers.get(row.id);
      if (found?.state !== "changing" || !sameOwner(found.owner, self)) continue;
      store.peers.update({ ...found, state: "ready", owner: failed.has(row) ? row.owner : self });
    }
  });
}

/** Returns them as they were. */
function claimPeers({ peers }: Store, networkId: string, self: Owner): readonly PeerRow[] {
  const lost = peers
    .ofNetwork(networkId)
    .filter(({ state, owner }) => state === "ready" && owner.bootId !== self.bootId);
  for (const row of lost) peers.update({ ...row, state: "changing", owner: self });
  return lost;
}

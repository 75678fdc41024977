import type { Resource } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { interleave } from "./interleave.js";
import { learnEndpoints } from "./learned-endpoints.js";

type RevivalParts = Pick<Parts, "store" | "processes" | "applier" | "host">;

/**
 * Makes `resources` exist, and before them those of the endpoints' networks that were made before the machine last booted
 * and went with that. The endpoints are in the store, so that nobody removes the networks meanwhile. Returns them as they are
 * now, see {@link learnEndpoints}.
 */
export async function ensureOnNetworks(
  parts: RevivalParts,
  endpoints: readonly EndpointRow[],
  resources: readonly Resource[],
): Promise<readonly EndpointRow[]> {
  const { store, processes, applier } = parts;
  const self = processes.self();
  const ids = new Set(endpoints.map(({ endpoint }) => endpoint.networkId));
  const lost = [...ids]
    .flatMap((id) => store.networks.get(id) ?? [])
    .filter(({ state, owner }) => state === "ready" && owner.bootId !== self.bootId);
  await applier.ensure([...interleave(lost.map((network) => network.resources)), ...resources]);
  if (lost.length > 0)
    store.transaction(() => {
      for (const network of lost) store.networks.update({ ...network, owner: self });
    });
  return learnEndpoints(parts, endpoints);
}

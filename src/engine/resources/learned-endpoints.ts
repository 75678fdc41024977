import type { EndpointRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";

type LearnParts = Pick<Parts, "store" | "processes" | "applier" | "host">;

/**
 * The endpoints, which exist, with what others decided about their interfaces; see {@link Provider.learn}. It is in their
 * rows when this returns. Throws `plugin` for what their networks cannot have: the caller removes what it made.
 */
export async function learnEndpoints(parts: LearnParts, rows: readonly EndpointRow[]): Promise<readonly EndpointRow[]> {
  const known: EndpointRow[] = [];
  for (const row of rows) known.push(await learnEndpoint(parts, row));
  return known;
}

async function learnEndpoint(parts: LearnParts, row: EndpointRow): Promise<EndpointRow> {
  const { store, applier, host } = parts;
  const reported = await applier.learn(row.resources);
  if (Object.keys(reported).length === 0) return row;
  const { checkLearned } = await import("./learned-interface.js");
  const { holderOf } = await import("./address-holder.js");
  const hostAddresses = reported.addresses === undefined ? [] : (await host()).addresses();
  return store.unsyncedTransaction(() => {
    const current = store.endpoints.get(row.id) ?? row;
    const { network } = store.networks.resolve(current.endpoint.networkId);
    const { addresses: planned } = current.endpoint;
    const learned = checkLearned(reported, { network, planned, holderOf: holderOf(parts, current, hostAddresses) });
    const knowing = { ...current, endpoint: { ...current.endpoint, ...learned } };
    store.endpoints.update(knowing);
    return knowing;
  });
}

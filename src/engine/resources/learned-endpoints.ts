import type { EndpointRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";

/**
 * The endpoints, which exist, with what others decided about their interfaces; see {@link Provider.learn}. It is in their
 * rows when this returns.
 */
export async function learnEndpoints(
  { store, applier }: Pick<Parts, "store" | "applier">,
  rows: readonly EndpointRow[],
): Promise<readonly EndpointRow[]> {
  const known: EndpointRow[] = [];
  for (const row of rows) {
    const learned = await applier.learn(row.resources);
    if (Object.keys(learned).length === 0) known.push(row);
    else
      known.push(
        store.unsyncedTransaction(() => {
          const current = store.endpoints.get(row.id) ?? row;
          const knowing = { ...current, endpoint: { ...current.endpoint, ...learned } };
          store.endpoints.update(knowing);
          return knowing;
        }),
      );
  }
  return known;
}

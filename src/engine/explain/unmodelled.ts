import type { NetworkRow } from "../../contracts/index.js";
import type { Caller } from "./journey.js";
import { bridgeOf, type Landscape } from "./landscape.js";
import { namespaceRoute } from "./namespace-route.js";

/**
 * A network on the way whose driver leads packets by no bridge of tsd's rules, so that only the driver knows what becomes of
 * them there.
 */
export function unmodelledNetwork(land: Landscape, caller: Caller, destination: string): NetworkRow | undefined {
  const there = land.networkOf(destination);
  const isUnmodelled = (row: NetworkRow | undefined): row is NetworkRow =>
    row !== undefined && bridgeOf(row) === undefined;
  if (isUnmodelled(there) || caller.kind !== "namespace") return isUnmodelled(there) ? there : undefined;
  const route = namespaceRoute(caller.rows, destination);
  const rows = route === undefined ? caller.rows : [route.row];
  return rows.map(({ endpoint }) => land.network(endpoint.networkId)).find(isUnmodelled);
}

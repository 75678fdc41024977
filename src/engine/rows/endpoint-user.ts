import type { EndpointRow, Store } from "../../contracts/index.js";
import { shortId } from "./identifiers.js";

/** Who uses an endpoint, in words for an error. */
export function endpointUser(store: Store, row: EndpointRow | undefined): string {
  if (row === undefined) return "an endpoint that is being removed";
  const container = row.containerId === undefined ? undefined : store.containers.get(row.containerId)?.container;
  return container === undefined
    ? `endpoint ${shortId(row.id)} of namespace ${row.endpoint.netns}`
    : `container "${container.name}" (${shortId(container.id)})`;
}

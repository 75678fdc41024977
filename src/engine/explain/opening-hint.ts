import type { Journey } from "./journey.js";

/** What would open the way to a container that is known. */
export function openingHint({ land, packet, caller }: Journey): string | undefined {
  const network = land.networkOf(packet.destination);
  if (network === undefined) return undefined;
  const row = land.endpointAt(packet.destination, network.id);
  const handle = caller.kind === "namespace" ? caller.handle : undefined;
  const isNeighbour =
    caller.kind === "namespace" && caller.rows.some(({ endpoint }) => endpoint.networkId === network.id);
  if (isNeighbour) {
    return `Start ${handle ?? "the caller"} with a link, which opens exposed ports: tsd run --link ${row === undefined ? "CONTAINER" : land.handle(row)} …`;
  }
  const connect = handle === undefined ? undefined : `tsd network connect ${network.network.name} ${handle}`;
  if (network.network.internal || row?.containerId === undefined || packet.port === undefined) {
    return connect === undefined ? undefined : `Put both on one network: ${connect}`;
  }
  const suffix = packet.protocol === "tcp" ? "" : `/${packet.protocol}`;
  const publish = `tsd port add ${land.handle(row)} ${packet.port}${suffix}`;
  return connect === undefined
    ? `Publish the port: ${publish}`
    : `Put both on one network: ${connect}; or publish the port: ${publish}`;
}

import { type Advice, inWords, oneOf } from "./advice.js";
import type { Journey } from "./journey.js";

/** What would open the way to a container that is known. */
export function openingHint({ land, packet, caller }: Journey): Advice {
  const network = land.networkOf(packet.destination);
  if (network === undefined) return {};
  const row = land.endpointAt(packet.destination, network.id);
  const handle = caller.kind === "namespace" ? caller.handle : undefined;
  const isNeighbour =
    caller.kind === "namespace" && caller.rows.some(({ endpoint }) => endpoint.networkId === network.id);
  if (isNeighbour) {
    return inWords(
      `Start ${handle ?? "the caller"} with a link, which opens exposed ports: tsd run --link ${row === undefined ? "CONTAINER" : land.handle(row)} …`,
    );
  }
  const connect =
    handle === undefined
      ? []
      : [{ what: "Put both on one network", command: ["network", "connect", network.network.name, handle] }];
  const suffix = packet.protocol === "tcp" ? "" : `/${packet.protocol}`;
  const canPublish = !network.network.internal && row?.containerId !== undefined && packet.port !== undefined;
  const publish = canPublish
    ? [{ what: "Publish the port", command: ["port", "add", land.handle(row), `${packet.port}${suffix}`] }]
    : [];
  const [first, ...others] = [...connect, ...publish];
  return first === undefined ? {} : oneOf(first, ...others);
}

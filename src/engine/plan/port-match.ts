import type { PortBinding } from "../../api/index.js";
import type { PortRequest } from "../../contracts/index.js";
import type { Publication } from "../requests/container-requests.js";

/** A port is named by its place in the container, and by its place on the host where that was said too. */
export function isAskedFor(port: PortBinding, request: PortRequest): boolean {
  const { hostPort: first = port.hostPort, hostPortEnd: last = first, hostAddress } = request;
  return (
    port.protocol === request.protocol &&
    port.containerPort === request.containerPort &&
    port.count === request.count &&
    port.hostPort >= first &&
    port.hostPort <= last &&
    (hostAddress === undefined || hostAddress === port.hostAddress)
  );
}

/** Takes away, for each port, the first publication that could have led to it. */
export function withoutPublications(
  given: readonly Publication[],
  removed: readonly PortBinding[],
): readonly Publication[] {
  const left = [...given];
  for (const port of removed) {
    const index = left.findIndex(({ request }) => isAskedFor(port, request));
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

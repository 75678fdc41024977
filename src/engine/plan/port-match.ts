import type { PortBinding } from "../../api/index.js";
import { type PortRequest, parsePort } from "../requests/port-spec.js";

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
export function withoutPublications(given: readonly string[], removed: readonly PortBinding[]): readonly string[] {
  const left = [...given];
  for (const port of removed) {
    const index = left.findIndex((text) => isAskedFor(port, parsePort(text)));
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

import type { ContainerDetails, PortBinding } from "../api/index.js";
import { type PortMap, portMap } from "../presenters/port-list.js";

/** Some of a container's publications in the form of all of them: on the addresses of what publishes for it. */
export function changedPorts(ports: readonly PortBinding[], { endpoints }: ContainerDetails): PortMap {
  const publishing = endpoints.filter(({ endpoint }) => endpoint.ports.length > 0);
  return portMap([{ ports, addresses: publishing.flatMap(({ endpoint }) => endpoint.addresses) }]);
}

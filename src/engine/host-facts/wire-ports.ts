import type { Network, PortBinding, Resource } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { endpointUser } from "../rows/endpoint-user.js";

interface WirePort {
  /** Name of the network. */
  readonly network: string;
  readonly port: number;
}

/** The network that has one of these ports between its hosts: on all addresses of this one, whether its links are up or not. */
export function wirePortHolder(
  { networks }: Pick<Store, "networks">,
  { protocol, hostPort, count }: Pick<PortBinding, "protocol" | "hostPort" | "count">,
): WirePort | undefined {
  if (protocol !== "udp") return undefined;
  const isMeant = (port: number): boolean => port >= hostPort && port < hostPort + count;
  for (const { network, resources } of networks.list()) {
    const port = wirePorts(resources).find(isMeant);
    if (port !== undefined) return { network: network.name, port };
  }
  return undefined;
}

/**
 * Throws `conflict` where a container publishes a port that the network needs between its hosts: what other hosts send would go to that
 * container.
 */
export function refusePublishedPorts(
  store: Store,
  { name, options }: Pick<Network, "name" | "options">,
  resources: readonly Resource[],
): void {
  for (const port of wirePorts(resources)) {
    const user = publisherOf(store, port);
    if (user === undefined) continue;
    const choice = options.encrypted === "true" ? "" : ", or give the network another, -o port=PORT";
    throw new TsdError({
      kind: "conflict",
      code: "TSD_WIRE_PORT",
      message: `network "${name}" needs UDP port ${port} between its hosts, which is published by ${user}`,
      hint: `Publish another port there${choice}.`,
      details: { network: name, port },
    });
  }
}

/** In words, what publishes a UDP port on any address of the host. */
export function publisherOf(store: Store, hostPort: number): string | undefined {
  const holder = store.endpoints.portHolder({ protocol: "udp", hostPort, containerPort: hostPort, count: 1 });
  return holder && endpointUser(store, store.endpoints.get(holder));
}

function wirePorts(resources: readonly Resource[]): readonly number[] {
  return resources.flatMap((one) => {
    if (one.kind === "wireguard") return one.port;
    return one.kind === "link" && one.type === "vxlan" ? one.port : [];
  });
}

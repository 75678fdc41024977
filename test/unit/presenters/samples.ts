import type { Container, ContainerDetails, Endpoint, Image, Network, NetworkDetails } from "../../../src/api/index.js";

/** The time at which the tests look at things: ten minutes after they were made. */
export const now = Date.parse("2026-01-02T03:14:05Z");
const created = "2026-01-02T03:04:05.000Z";

export function makeNetwork(changes: Partial<Network> = {}): Network {
  return {
    id: "a1".repeat(32),
    name: "web",
    driver: "bridge",
    created,
    subnets: [{ cidr: "10.10.10.0/24", gateway: "10.10.10.1" }],
    options: {},
    labels: {},
    mac: "02:00:00:00:00:01",
    uplinks: [],
    ...changes,
  };
}

export function makeEndpoint(changes: Partial<Endpoint> = {}): Endpoint {
  return {
    id: "e1".repeat(32),
    networkId: "a1".repeat(32),
    netns: "/run/tsd/netns/c1",
    interface: "eth0",
    mac: "02:00:00:00:00:02",
    addresses: ["10.10.10.2/24"],
    ports: [],
    metric: 1024,
    ...changes,
  };
}

export function makeContainer(changes: Partial<Container> = {}): Container {
  return {
    id: "c1".repeat(32),
    name: "www",
    spec: { image: "busybox" },
    command: ["httpd", "-f"],
    imageId: "b1".repeat(32),
    layers: [],
    created,
    status: "running",
    attached: false,
    stopSignal: "TERM",
    pid: 4711,
    startedAt: "2026-01-02T03:11:05Z",
    ...changes,
  };
}

export function makeDetails(container: Partial<Container> = {}, endpoint: Partial<Endpoint> = {}): ContainerDetails {
  return {
    container: makeContainer(container),
    netns: "/run/tsd/netns/c1",
    endpoints: [{ endpoint: makeEndpoint(endpoint), network: "web", gateway: "10.10.10.1" }],
    mounts: [],
  };
}

export function makeNetworkDetails(endpoints: NetworkDetails["endpoints"] = []): NetworkDetails {
  return { network: makeNetwork(), hasResolver: true, endpoints };
}

export function makeImage(changes: Partial<Image> = {}): Image {
  return {
    id: "b1".repeat(32),
    names: ["busybox:latest"],
    layers: ["f1".repeat(32)],
    config: { entrypoint: [], command: ["sh"], env: ["PATH=/bin"], exposedPorts: ["80/tcp"] },
    size: 4_261_550,
    created,
    ...changes,
  };
}

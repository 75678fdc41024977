import type { Endpoint, Network, Peer, RawOptions } from "../../../../src/api/index.js";
import type { ContainerRow, EndpointRow, NetworkRow, PeerRow } from "../../../../src/contracts/index.js";
import { OverlayDriver } from "../../../../src/drivers/overlay/overlay-driver.js";
import type { Facts, Machine } from "../../../../src/engine/explain/landscape.js";

const driver = new OverlayDriver();
const owner = { pid: 1, start: 1, bootId: "boot" };
const created = "2026-01-01T00:00:00.000Z";
const row = { state: "ready", owner } as const;
const id = "7".repeat(64);
export const bridge = "br-777777777777";
export const tunnel = "vx-777777777777";

const where = { networkId: id, host: "b", address: "192.0.2.9" };
export const peers: readonly Peer[] = [
  { kind: "host", id: "1".repeat(64), ...where, mac: "02:00:00:00:00:09", blocks: ["10.70.0.64/26"] },
  {
    ...{ kind: "endpoint", id: "2".repeat(64), ...where, mac: "02:00:00:00:00:0a", names: ["db"] },
    addresses: ["10.70.0.70"],
  },
];

export interface World {
  readonly options?: RawOptions;
  readonly internal?: boolean;
  readonly machine?: Partial<Machine>;
  readonly known?: readonly Peer[];
}

/** A container `web` at 10.70.0.5 on a network `span` of several hosts, and host b with 10.70.0.64/26 and `db`. */
export function spanFacts({ options = {}, internal = false, machine = {}, known = peers }: World = {}): Facts {
  const network: Network = {
    ...{ id, name: "span", driver: "overlay", created, labels: {}, mac: "02:00:00:00:00:01", options, internal },
    uplinks: [{ name: "up0", forwarding: false }],
    subnets: [{ cidr: "10.70.0.0/16", gateway: "10.70.0.1" }],
    cluster: {
      ...{ vni: 4097, host: "a", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:02" },
      blocks: ["10.70.0.0/26"],
      ...(options.encrypted === "true" ? { wireguard: { port: 51_820, generation: 1 } } : {}),
    },
    ...(options.mode === "hostgw" ? { facts: { links: [{ name: "up0", addresses: ["192.0.2.1/24"] }] } } : {}),
  };
  const endpoint: Endpoint = {
    ...{ id: "3".repeat(64), networkId: id, netns: "/run/tsd/netns/web", interface: "eth0" },
    ...{ mac: "02:00:00:00:00:05", addresses: ["10.70.0.5/16"], ports: [], metric: 1024 },
  };
  const networkRow: NetworkRow = { id, ...row, network, resources: driver.network(network) };
  const resources = driver.endpoint(network, endpoint);
  const endpointRow: EndpointRow = { id: endpoint.id, ...row, endpoint, containerId: "c".repeat(64), resources };
  const peerRows = known.map((peer): PeerRow => ({ id: peer.id, ...row, peer, resources: driver.peer(network, peer) }));
  const addresses = [
    { link: "up0", address: "192.0.2.1/24" },
    { link: bridge, address: "10.70.0.1/16" },
    { link: options.mode === "l2" || options.mode === "hostgw" ? bridge : tunnel, address: "10.70.0.2/32" },
  ];
  return {
    networks: [networkRow],
    endpoints: [endpointRow],
    containers: [containerRow(endpoint)],
    peers: peerRows,
    machine: {
      addresses: () => addresses,
      uplinks: () => [{ name: "up0", forwarding: true }],
      parameter: (key) => (key.endsWith("forwarding") ? "1" : undefined),
      isPortFree: () => true,
      routeTo: (address, netns) => ({
        ...{ local: false, source: "192.0.2.1" },
        link: netns !== undefined ? "eth0" : linkTo(address, options.mode),
      }),
      ...machine,
    },
  };
}

function linkTo(address: string, mode: string | undefined): string {
  if (address === "10.70.0.5") return bridge;
  if (address.startsWith("192.") || mode === "hostgw") return "up0";
  return mode === "l2" ? bridge : tunnel;
}

function containerRow({ netns }: Endpoint): ContainerRow {
  const sandbox = { id, netns, directory: "/run/tsd/x", hostname: "web", hosts: [] };
  return {
    ...{ id: "c".repeat(64), ...row, resources: [] },
    container: {
      ...{ id: "c".repeat(64), name: "web", spec: {}, command: ["sh"], layers: [], created, attached: false },
      ...{ stopSignal: "TERM", status: "running", sandbox },
    },
  };
}

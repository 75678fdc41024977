import { withoutPrefix } from "../../../../src/api/address-family.js";
import type { Container, Endpoint, Network } from "../../../../src/api/index.js";
import type { ContainerRow, EndpointRow, Host, NetworkRow } from "../../../../src/contracts/index.js";
import { BridgeDriver } from "../../../../src/drivers/bridge/bridge-driver.js";
import type { Parts } from "../../../../src/engine/contracts/parts.js";
import type { Facts, Machine } from "../../../../src/engine/explain/landscape.js";
import { isIn, isLoopback } from "../../../../src/engine/explain/packet.js";
import { noneElsewhere } from "../../../support/cluster-state/none-elsewhere.js";

/** The networks of the traffic matrix, with what a user of tsd says to get them. */
const networks: Readonly<Record<string, Pick<Network, "options" | "internal"> & { readonly prefix: string }>> = {
  a: { prefix: "10.10.10", options: {} },
  b: { prefix: "10.20.20", options: {} },
  c: { prefix: "10.30.0", options: { icc: "false" } },
  d: { prefix: "10.40.0", options: {}, internal: true },
  e: { prefix: "10.50.0", options: { isolate: "false" } },
  r: { prefix: "10.60.0", options: { gateway_mode: "routed" } },
};

const base = { hostPort: 8080, containerPort: 80, count: 1 } as const;

/** What its containers have beside an address. */
const requested: Readonly<Record<string, Pick<Endpoint, "ports" | "links">>> = {
  a1: {
    ports: [
      { ...base, protocol: "tcp", hostAddress: "0.0.0.0" },
      { ...base, protocol: "udp", hostAddress: "0.0.0.0" },
      { ...base, protocol: "tcp", hostAddress: "::" },
      { ...base, protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 8081 },
      { ...base, protocol: "tcp", hostAddress: "192.0.2.3", hostPort: 8082 },
    ],
  },
  c1: { ports: [], links: [{ addresses: ["10.30.0.3"], ports: [{ protocol: "tcp", port: 5432, count: 1 }] }] },
  r1: { ports: [{ ...base, protocol: "tcp", hostAddress: "0.0.0.0" }] },
};

/** Where each container has its place, as test/kernel/nat/matrix-lab.ts has it. */
const places = ["a1", "a2", "b1", "c1", "c2", "d1", "d2", "e1", "r1"];

const driver = new BridgeDriver();
const owner = { pid: 1, start: 1, bootId: "boot" };
const created = "2026-01-01T00:00:00.000Z";

/** What tsd's store would have for the matrix; `intruding` gives every container a default route. */
export function matrixFacts({ intruding = false, machine = {} as Partial<Machine> } = {}): Facts {
  const networkRows = Object.keys(networks).map(networkRow);
  const endpoints = places.map((name) => endpointRow(name, networkRows, intruding));
  return {
    networks: networkRows,
    endpoints,
    containers: endpoints.map(({ endpoint }, index) => containerRow(places[index] ?? "", endpoint.netns)),
    peers: [],
    machine: { ...machineOf(networkRows), ...machine },
  };
}

/** A host's packet filter, by what it drops of some packets. */
export function filterOf(drops: Host["forwardDrops"]): Pick<Host, "forwardDrops" | "forwardDropsOfEach"> {
  return { forwardDrops: drops, forwardDropsOfEach: (groups) => Promise.all(groups.map(drops)) };
}

/** Of a host that is in no cluster. */
export const noCluster: Pick<Parts, "membership" | "cluster" | "elsewhere"> = {
  membership: () => undefined,
  cluster: () => Promise.reject(new Error("there is none")),
  elsewhere: noneElsewhere,
};

function letterOf(name: string): string {
  return name.startsWith("r") ? "f" : name.charAt(0);
}

function networkRow(name: string): NetworkRow {
  const { prefix = "", options = {}, internal } = networks[name] ?? {};
  const id = letterOf(name).repeat(64);
  const network: Network = {
    ...{ id, name, driver: "bridge", created, labels: {}, mac: "02:00:00:00:00:01" },
    uplinks: [{ name: "up0", forwarding: false }],
    subnets: [
      { cidr: `${prefix}.0/24`, gateway: `${prefix}.1` },
      { cidr: `fd00:${letterOf(name)}::/64`, gateway: `fd00:${letterOf(name)}::1` },
    ],
    options: { name: `br-${name}`, ...options },
    ...(internal === undefined ? {} : { internal }),
  };
  return { id, state: "ready", owner, network, resources: driver.network(network) };
}

function endpointRow(name: string, rows: readonly NetworkRow[], intruding: boolean): EndpointRow {
  const network = rows.find((row) => row.network.name === name.charAt(0))?.network;
  if (network === undefined) throw new Error(`no network for ${name}`);
  const octet = name.endsWith("1") ? 2 : 3;
  const id = `${name.charCodeAt(0)}${octet}`.padEnd(64, "0");
  const addresses = network.subnets.map(
    ({ cidr, gateway }) => `${gateway.replace(/1$/, String(octet))}/${cidr.split("/")[1]}`,
  );
  const endpoint: Endpoint = {
    ...{ id, networkId: network.id, netns: `/run/tsd/netns/${name}`, interface: "eth0", mac: "02:00:00:00:00:02" },
    ...{ addresses, ports: [], metric: 1024, ...requested[name] },
  };
  const resources = driver.endpoint(intruding ? { ...network, internal: false } : network, endpoint);
  return { id, state: "ready", owner, endpoint, containerId: id, resources };
}

function containerRow(name: string, netns: string): ContainerRow {
  const octet = name.endsWith("1") ? 2 : 3;
  const id = `${name.charCodeAt(0)}${octet}`.padEnd(64, "0");
  const container: Container = {
    ...{ id, name, spec: {}, command: ["sh"], layers: [], created, attached: false, stopSignal: "TERM" },
    ...{ status: "running", sandbox: { id, netns, directory: "/run/tsd/x", hostname: name, hosts: [] } },
  };
  return { id, state: "ready", owner, resources: [], container };
}

/** The host of the matrix: its addresses, what is on its wires, and no route to elsewhere. */
function machineOf(rows: readonly NetworkRow[]): Machine {
  const bridges = rows.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "address" ? [one] : [])));
  const addresses = [
    ...["192.0.2.1/24", "192.0.2.3/24", "2001:db8::1/64"].map((address) => ({ link: "up0", address })),
    ...bridges.filter(({ address }) => !address.startsWith("fe80")),
  ];
  return {
    addresses: () => addresses,
    uplinks: () => [{ name: "up0", forwarding: true }],
    parameter: (key) => (key.endsWith("forwarding") ? "1" : undefined),
    isPortFree: () => true,
    routeTo: (address, netns) => {
      if (netns !== undefined) return { local: false, link: "eth0" };
      const own = addresses.find((one) => withoutPrefix(one.address) === address);
      const near = addresses.find((one) => isIn(address, one.address));
      if (own === undefined && isLoopback(address)) return { local: true, link: "lo", source: address };
      if (near === undefined) return undefined;
      return {
        local: own !== undefined,
        link: own === undefined ? near.link : "lo",
        source: withoutPrefix(near.address),
      };
    },
  };
}

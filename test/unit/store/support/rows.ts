import type { Image, Resource } from "../../../../src/api/index.js";
import type { ContainerRow, EndpointRow, NetworkRow } from "../../../../src/contracts/index.js";

const owner = { pid: 1, start: 1, bootId: "boot" };
const created = "2026-01-01T00:00:00.000Z";

/** An id that starts with `digits`. */
export function idFrom(digits: string): string {
  return digits.padEnd(64, "0");
}

export function networkRow(id: string, name: string, changes: Partial<NetworkRow> = {}): NetworkRow {
  const network = { id, name, driver: "bridge", created, subnets: [], options: {}, labels: {}, mac: "", uplinks: [] };
  return { id, state: "creating", owner, resources: [], network, ...changes };
}

export function endpointRow(id: string, networkId: string, changes: Partial<EndpointRow> = {}): EndpointRow {
  const attachment = { netns: "/run/netns/x", interface: "eth0", mac: "", gateway: true };
  const endpoint = { id, networkId, ...attachment, addresses: [], ports: [] };
  return { id, state: "creating", owner, resources: [], endpoint, ...changes };
}

export function containerRow(
  id: string,
  name: string,
  status: ContainerRow["container"]["status"] = "created",
): ContainerRow {
  const base = { id, name, spec: {}, command: ["sh"], layers: [], created, attached: false, stopSignal: "TERM" };
  return { id, state: "creating", owner, resources: [], container: { ...base, status } };
}

export function image(id: string, ...names: readonly string[]): Image {
  return {
    id,
    names,
    layers: [],
    config: { entrypoint: [], command: [], env: [], exposedPorts: [] },
    size: 1,
    created,
  };
}

export function sysctl(key: string): Resource {
  return { kind: "sysctl", key, value: "1" };
}

import { familyOf } from "../api/address-family.js";
import type { Endpoint, PortBinding } from "../api/index.js";

/** What of an endpoint decides where its ports are published. */
type Publisher = Pick<Endpoint, "addresses" | "ports">;

/** A range of published ports on one address of the host. */
interface Publication extends PortBinding {
  readonly hostAddress: string;
}

/** docker's PORTS column: `0.0.0.0:8080->80/tcp, 127.0.0.1:9000-9009->9000-9009/udp`, adjacent ports merged. */
export function portList(endpoints: readonly Publisher[]): string {
  return mergeAdjacent(endpoints.flatMap(publications)).map(describe).join(", ");
}

/** docker's `Ports` of `inspect`: each container port with all it is published as, ranges taken apart. */
export type PortMap = Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>>;

/** Published ports by container port, `80/tcp`. */
export function portMap(endpoints: readonly Publisher[]): PortMap {
  const map: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { protocol, hostAddress, hostPort, containerPort, count } of endpoints.flatMap(publications)) {
    for (let offset = 0; offset < count; offset += 1) {
      const key = `${containerPort + offset}/${protocol}`;
      map[key] = [...(map[key] ?? []), { HostIp: hostAddress, HostPort: String(hostPort + offset) }];
    }
  }
  return map;
}

/** A line for each address that a port is published on: `80/tcp -> 0.0.0.0:8080`. */
export function portLines(map: PortMap): string {
  const lines = Object.entries(map).flatMap(([port, hosts]) =>
    hosts.map(({ HostIp, HostPort }) => `${port} -> ${hostPort(HostIp, HostPort)}\n`),
  );
  return lines.join("");
}

/** An address and a port as one word, IPv6 in brackets. */
export function hostPort(address: string, port: string): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A binding without an address holds on every host address of each family that the endpoint has. */
function publications({ ports, addresses }: Publisher): readonly Publication[] {
  const everywhere = [...new Set(addresses.map((address) => (familyOf(address) === 6 ? "::" : "0.0.0.0")))];
  return ports.flatMap((binding) =>
    (binding.hostAddress === undefined ? everywhere : [binding.hostAddress]).map((hostAddress) => ({
      ...binding,
      hostAddress,
    })),
  );
}

function mergeAdjacent(all: readonly Publication[]): readonly Publication[] {
  const ordered = [...all].sort(
    (a, b) =>
      compareText(a.hostAddress, b.hostAddress) ||
      compareText(a.protocol, b.protocol) ||
      a.containerPort - b.containerPort ||
      a.hostPort - b.hostPort,
  );
  const merged: Publication[] = [];
  for (const next of ordered) {
    const last = merged.at(-1);
    if (last !== undefined && continues(last, next)) {
      merged[merged.length - 1] = { ...last, count: last.count + next.count };
    } else {
      merged.push(next);
    }
  }
  return merged;
}

/** By code units, which is the same for every locale. */
function compareText(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

function continues(last: Publication, next: Publication): boolean {
  return (
    last.hostAddress === next.hostAddress &&
    last.protocol === next.protocol &&
    last.containerPort + last.count === next.containerPort &&
    last.hostPort + last.count === next.hostPort
  );
}

function describe({ protocol, hostAddress, hostPort: port, containerPort, count }: Publication): string {
  return `${hostPort(hostAddress, range(port, count))}->${range(containerPort, count)}/${protocol}`;
}

function range(first: number, count: number): string {
  return count === 1 ? String(first) : `${first}-${first + count - 1}`;
}

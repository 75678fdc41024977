import ipaddr from "ipaddr.js";
import type { Finding } from "../../api/index.js";
import type { ContainerRow, NetworkRow, Platform, Routing, Sockets } from "../../contracts/index.js";
import { requestsOf } from "../requests/container-requests.js";

/**
 * A route that came after the network. Those by links of tsd's `own` or with a network's address, and the wider ones that it is
 * a part of, are none.
 */
export function routeCollisions(
  host: Pick<Routing, "routes">,
  rows: readonly NetworkRow[],
  own: ReadonlySet<string>,
): readonly Finding[] {
  const addressed = new Set(
    rows.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "address" ? [one.link] : []))),
  );
  const routes = host.routes().filter(({ link }) => !own.has(link) && !addressed.has(link));
  return rows.flatMap(({ network }) =>
    network.subnets.flatMap(({ cidr }) =>
      routes
        .filter((route) => isWithin(route.cidr, cidr))
        .map((route) => ({
          problem: `route ${route.cidr} dev ${route.link} takes packets away from network "${network.name}" (${cidr})`,
          remedy: "Remove the route, or recreate the network with another subnet.",
        })),
    ),
  );
}

function isWithin(inner: string, outer: string): boolean {
  const [address, prefix] = ipaddr.parseCIDR(inner);
  const [base, length] = ipaddr.parseCIDR(outer);
  return address.kind() === base.kind() && prefix >= length && address.match(base, length);
}

/** No harm to containers: a program of the host that is handed such a port is merely not reached from outside. */
export function portCollisions(
  host: Pick<Sockets, "portRange"> & Pick<Platform, "parameter">,
  containers: readonly ContainerRow[],
): readonly Finding[] {
  const { first, last } = host.portRange();
  const reserved = parseRanges(host.parameter("net/ipv4/ip_local_reserved_ports") ?? "");
  const isHandedOut = (port: number): boolean =>
    port >= first && port <= last && !reserved.some((range) => port >= range.first && port <= range.last);
  return containers.flatMap((row) =>
    // A port without number is taken from that range on purpose.
    requestsOf(row)
      .publish.flatMap(({ hostPort, count }) =>
        hostPort === undefined ? [] : (portsFrom(hostPort, count).find(isHandedOut) ?? []),
      )
      .map((port) => ({
        problem: `port ${port}, which container "${row.container.name}" publishes, is one that the kernel hands out to programs of the host (${first}-${last})`,
        remedy: `Keep it for the container: sysctl -w net.ipv4.ip_local_reserved_ports=${port}`,
        harmless: true,
      })),
  );
}

function portsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}

/** `8080,9148-9200`, as in the kernel's ip-sysctl.rst. */
function parseRanges(text: string): readonly { readonly first: number; readonly last: number }[] {
  return text
    .split(",")
    .filter((word) => word !== "")
    .map((word) => {
      const [first = 0, last = first] = word.split("-").map(Number);
      return { first, last };
    });
}

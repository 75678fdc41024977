import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Address, Resource, Route } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { isIn } from "./packet.js";

/** How a namespace sends to an address, by what tsd put into it. */
export interface NamespaceRoute {
  readonly row: EndpointRow;
  /** Address that it sends from. */
  readonly source: string;
  /** Absent for a neighbour on the link. */
  readonly gateway?: string;
  /** The route and the address that say so. */
  readonly resources: readonly Resource[];
}

interface Candidate extends Omit<NamespaceRoute, "source"> {
  readonly length: number;
  readonly metric: number;
}

/** The longest prefix, then the lowest metric, as the kernel decides; undefined where nothing leads there. */
export function namespaceRoute(rows: readonly EndpointRow[], destination: string): NamespaceRoute | undefined {
  const candidates = rows.flatMap((row) => [...onLink(row, destination), ...byRoute(row, destination)]);
  const [best] = candidates.sort((a, b) => b.length - a.length || a.metric - b.metric);
  if (best === undefined) return undefined;
  const { row, gateway } = best;
  const own = addressesOf(row).filter(({ address }) => familyOf(address) === familyOf(destination));
  const source = own.find(({ address }) => isIn(gateway ?? destination, address)) ?? own[0];
  if (source === undefined) return undefined;
  return {
    row,
    source: withoutPrefix(source.address),
    ...(gateway === undefined ? {} : { gateway }),
    resources: [...new Set([source, ...best.resources])],
  };
}

/** The kernel's own routes to what is on a link; IPv6 gives them metric 256 (IP6_RT_PRIO_ADDRCONF), IPv4 none. */
function onLink(row: EndpointRow, destination: string): readonly Candidate[] {
  return addressesOf(row)
    .filter(({ address }) => isIn(destination, address))
    .map((address) => ({
      row,
      length: lengthOf(address.address),
      metric: familyOf(destination) === 6 ? 256 : 0,
      resources: [address],
    }));
}

function byRoute(row: EndpointRow, destination: string): readonly Candidate[] {
  return row.resources
    .filter((one): one is Route => one.kind === "route")
    .filter((route) => isIn(destination, route.destination))
    .map((route) => ({
      row,
      ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
      length: lengthOf(route.destination),
      metric: route.metric ?? (familyOf(destination) === 6 ? 1024 : 0),
      resources: [route],
    }));
}

function addressesOf({ resources }: EndpointRow): readonly Address[] {
  return resources.filter((one): one is Address => one.kind === "address");
}

function lengthOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

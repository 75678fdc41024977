import { withoutPrefix } from "../../api/index.js";
import { contains } from "./addresses.js";
import { isDefault } from "./interface-settings.js";
import { type Called, failed } from "./plugin-failure.js";
import type { JoinedRoute } from "./read-join.js";

/** No route leads there: the kernel of the container takes such packets for its own, or for a group's. */
const special = ["127.0.0.0/8", "224.0.0.0/4", "::1/128", "ff00::/8"];

interface Bounds {
  /** Where an internal network may lead to; undefined for any network else. */
  readonly within: readonly string[] | undefined;
  /** Subnets of the container's other networks. */
  readonly others: readonly { readonly cidr: string; readonly network: string }[];
}

/**
 * Throws `plugin` for a route that leads out of an internal network, past its missing default route, or that takes the traffic
 * of another network of the container. Default routes are none that a plug-in decides on.
 */
export function refuseRoutes(called: Called, routes: readonly JoinedRoute[], { within, others }: Bounds): void {
  for (const route of routes) {
    if (isDefault(route)) continue;
    const { destination } = route;
    const range = special.find((cidr) => includes(cidr, destination));
    if (range !== undefined) throw refused(called, destination, `is in ${range}`);
    const other = others.find(({ cidr }) => includes(cidr, destination));
    if (other !== undefined)
      throw refused(called, destination, `is in subnet ${other.cidr} of network "${other.network}"`);
    if (within !== undefined && !within.some((cidr) => includes(cidr, destination)))
      throw refused(called, destination, `leads out of the network, which is internal`);
  }
}

function refused(called: Called, destination: string, why: string): Error {
  return failed(called, `it replied with a route to ${destination}, which ${why}`);
}

/** Every address of `inner` is one of `outer`. */
function includes(outer: string, inner: string): boolean {
  const length = (cidr: string): number => Number(cidr.split("/")[1]);
  return contains(outer, withoutPrefix(inner)) && length(inner) >= length(outer);
}

import { constants } from "node:os";
import type { Drift } from "../../api/provider.js";
import type { Route } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { formatAddress, parseAddress, parsePrefix } from "./ip-prefix.js";
import { listLinks } from "./link.js";
import type { Namespaces } from "./namespaces.js";
import type { RequestQueue } from "./request-queue.js";
import { encodeDeleteRoute, encodeNewRoute, listRoutes, type RouteState } from "./route.js";
import type { Snapshots } from "./snapshots.js";
import { within } from "./within.js";

/** Queues the route. Throws `conflict` where the destination is routed elsewhere already. */
export function ensureRoute(queue: RequestQueue, namespaces: Namespaces, resource: Route): void {
  const route = routeVia(resource, queue.indexOf(resource.netns, resource.link));
  queue.add({
    operation: "add route",
    object: routeWords(resource),
    netns: resource.netns,
    encode: (batch) => encodeNewRoute(batch, route),
    refused({ errno }) {
      if (errno !== constants.errno.EEXIST) return false;
      const socket = namespaces.at(resource.netns);
      const { best, exact } = sameDestination(listRoutes(socket, route.destination.family), route);
      if (best !== undefined && !exact) {
        const link = listLinks(socket).find(({ index }) => index === best.link);
        throw inTheWay(resource, pathWords(best, link?.name));
      }
      return exact;
    },
  });
}

/** Queues the removal of exactly this route; one that is gone, with its link or without, counts as removed. */
export function removeRoute(queue: RequestQueue, resource: Route): void {
  const link = queue.findIndex(resource.netns, resource.link);
  if (link === undefined) return;
  const { ESRCH, ENODEV, ENETUNREACH } = constants.errno;
  queue.add({
    operation: "remove route",
    object: routeWords(resource),
    netns: resource.netns,
    encode: (batch) => encodeDeleteRoute(batch, routeVia(resource, link)),
    refused: ({ errno }) => errno === ESRCH || errno === ENODEV || errno === ENETUNREACH,
  });
}

export function inspectRoute(snapshots: Snapshots, resource: Route): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const route = routeVia(resource, link.index);
  const { best, exact } = sameDestination(snapshot.routes(route.destination.family), route);
  if (exact) return undefined;
  if (best === undefined) return { resource, problem: "missing" };
  const name = best.link === undefined ? undefined : snapshot.linkName(best.link);
  return { resource, problem: "different", found: pathWords(best, name) };
}

export function describeRoute(resource: Route): string {
  const family = resource.destination.includes(":") ? "ip -6" : "ip";
  return within(resource.netns, `${family} route add ${routeWords(resource)} proto static`);
}

function routeVia({ destination, gateway }: Route, link: number): RouteState {
  return {
    destination: parsePrefix(destination),
    ...(gateway === undefined ? {} : { gateway: parseAddress(gateway) }),
    link,
  };
}

/** Of the routes to one destination, the one that is as described, or else any. */
function sameDestination(
  routes: readonly RouteState[],
  wanted: RouteState,
): { readonly best: RouteState | undefined; readonly exact: boolean } {
  const { bytes, length } = wanted.destination;
  const same = routes.filter(({ destination }) => destination.length === length && destination.bytes.equals(bytes));
  const gateway = wanted.gateway?.toString("hex");
  const match = same.find((route) => route.link === wanted.link && route.gateway?.toString("hex") === gateway);
  return { best: match ?? same[0], exact: match !== undefined };
}

function routeWords({ destination, gateway, link }: Route): string {
  return `${destination}${gateway === undefined ? "" : ` via ${gateway}`} dev ${link}`;
}

function pathWords({ gateway, link }: RouteState, name: string | undefined): string {
  const via = gateway === undefined ? "" : `via ${formatAddress(gateway)} `;
  return link === undefined ? `${via}over several links` : `${via}dev ${name ?? link}`;
}

function inTheWay(resource: Route, found: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ROUTE_CONFLICT",
    message: `${resource.destination} is routed ${found} already, not ${routeWords(resource)}`,
    hint: `Remove that route: ${within(resource.netns, `ip route delete ${resource.destination} ${found}`)}`,
    details: { ...resource, found },
  });
}

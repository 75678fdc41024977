import { constants } from "node:os";
import { familyOf } from "../../api/address-family.js";
import type { Drift } from "../../api/provider.js";
import type { Route } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { formatAddress, parseAddress, parsePrefix } from "./messages/ip-prefix.js";
import { listLinks } from "./messages/link.js";
import { RTPROT_TSD } from "./messages/protocol.js";
import { encodeDeleteRoute, encodeNewRoute, listRoutes, ownMetric, type RouteState } from "./messages/route.js";
import type { Namespaces } from "./session/namespaces.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { RequestQueue } from "./session/request-queue.js";
import type { Snapshots } from "./session/snapshots.js";

/** Queues the route. Throws `conflict` where the destination is routed elsewhere already, by a route of the same metric. */
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
      const { best, exact } = rivals(listRoutes(socket, route.destination.family), route);
      if (best !== undefined && !exact) {
        const link = listLinks(socket).find(({ index }) => index === best.link);
        throw inTheWay(resource, pathWords(best, link?.name));
      }
      return exact;
    },
  });
}

/** Queues the removal of exactly this route, if tsd made it; one that is gone, with its link or without, counts as removed. */
export function removeRoute(queue: RequestQueue, namespaces: Namespaces, resource: Route): void {
  const link = queue.findIndex(resource.netns, resource.link);
  if (link === undefined) return;
  const route = routeVia(resource, link);
  // Asked to delete a route of metric 0, the kernel takes one of any metric.
  if (route.metric === undefined) {
    const { exact } = rivals(listRoutes(namespaces.at(resource.netns), route.destination.family), route);
    if (!exact) return;
  }
  const { ESRCH, ENODEV, ENETUNREACH } = constants.errno;
  queue.add({
    operation: "remove route",
    object: routeWords(resource),
    netns: resource.netns,
    encode: (batch) => encodeDeleteRoute(batch, route),
    refused: ({ errno }) => errno === ESRCH || errno === ENODEV || errno === ENETUNREACH,
  });
}

export function inspectRoute(snapshots: Snapshots, resource: Route): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const route = routeVia(resource, link.index);
  const { best, exact } = rivals(snapshot.routes(route.destination.family), route);
  if (exact) return undefined;
  if (best === undefined) return { resource, problem: "missing" };
  const name = best.link === undefined ? undefined : snapshot.linkName(best.link);
  return { resource, problem: "different", found: pathWords(best, name) };
}

export function describeRoute(verb: "ensure" | "remove", resource: Route): string {
  const family = familyOf(resource.destination) === 6 ? "ip -6" : "ip";
  const action = verb === "ensure" ? "add" : "delete";
  return nsenterCommand(resource.netns, `${family} route ${action} ${routeWords(resource)} proto ${RTPROT_TSD}`);
}

function routeVia(resource: Route, link: number): RouteState {
  const destination = parsePrefix(resource.destination);
  const metric = ownMetric(destination.family, resource.metric);
  return {
    destination,
    ...(resource.gateway === undefined ? {} : { gateway: parseAddress(resource.gateway) }),
    link,
    ...(metric === undefined ? {} : { metric }),
  };
}

/** Of the routes of one destination and metric, the one that is as described, or else any. */
function rivals(
  routes: readonly RouteState[],
  wanted: RouteState,
): { readonly best: RouteState | undefined; readonly exact: boolean } {
  const { bytes, length } = wanted.destination;
  const same = routes.filter(
    ({ destination, metric }) =>
      metric === wanted.metric && destination.length === length && destination.bytes.equals(bytes),
  );
  const gateway = wanted.gateway?.toString("hex");
  const match = same.find((route) => route.link === wanted.link && route.gateway?.toString("hex") === gateway);
  return { best: match ?? same[0], exact: match !== undefined };
}

function routeWords({ destination, gateway, link, metric }: Route): string {
  return `${destination}${gateway === undefined ? "" : ` via ${gateway}`} dev ${link}${metricWords(metric)}`;
}

function pathWords({ gateway, link, metric }: RouteState, name: string | undefined): string {
  const via = gateway === undefined ? "" : `via ${formatAddress(gateway)} `;
  return `${via}${link === undefined ? "over several links" : `dev ${name ?? link}`}${metricWords(metric)}`;
}

function metricWords(metric: number | undefined): string {
  return metric === undefined ? "" : ` metric ${metric}`;
}

function inTheWay(resource: Route, found: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ROUTE_CONFLICT",
    message: `${resource.destination} is routed ${found} already, not ${routeWords(resource)}`,
    hint: `Remove that route: ${nsenterCommand(resource.netns, `ip route delete ${resource.destination} ${found}`)}`,
    details: { ...resource, found },
  });
}

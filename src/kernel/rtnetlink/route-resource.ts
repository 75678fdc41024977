import { constants } from "node:os";
import { familyOf } from "../../api/address-family.js";
import type { Drift } from "../../api/provider.js";
import type { Route } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { formatAddress, parseAddress, parsePrefix } from "./messages/ip-prefix.js";
import { AF_INET, RTPROT_TSD } from "./messages/protocol.js";
import {
  decodeRoute,
  encodeDeleteRoute,
  encodeGetRoute,
  encodeNewRoute,
  ownMetric,
  type RouteState,
} from "./messages/route.js";
import type { Namespaces } from "./session/namespaces.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { Request, RequestQueue } from "./session/request-queue.js";
import { type Snapshot, Snapshots } from "./session/snapshots.js";

/**
 * Queues the route. Throws `conflict` where the destination is routed elsewhere already, by a route of the same metric, or the link
 * does not reach the gateway. `snapshots` may be older than the queue.
 */
export function ensureRoute(
  {
    queue,
    namespaces,
    snapshots,
  }: { readonly queue: RequestQueue; readonly namespaces: Namespaces; readonly snapshots: Snapshots },
  resource: Route,
): void {
  const route = routeVia(resource, queue.indexOf(resource.netns, resource.link));
  queue.add({
    ...aboutRoute("add route", resource),
    encode: (batch) => encodeNewRoute(batch, route),
    refused({ errno }) {
      if (isOutOfReach(route, errno)) throw gatewayFar(resource);
      if (errno !== constants.errno.EEXIST) return false;
      // What is in the way may have come after the first of them was taken.
      const [known, fresh] = [snapshots, new Snapshots(namespaces)].map((taken) => taken.at(resource.netns));
      const found = known?.routesTo(route.destination).length ? known : fresh;
      const { best, exact } = rivals(found, route);
      if (best !== undefined && !exact) throw inTheWay(resource, pathWords(best, found));
      return exact;
    },
  });
}

/**
 * Queues the removal of exactly these routes, if tsd made them; one that is gone, with its link or without, counts as removed. Asked to
 * delete a route of IPv4 and metric 0, the kernel takes one of any metric, so it is asked first which it has.
 */
export function removeRoutes(queue: RequestQueue, snapshots: Snapshots, resources: readonly Route[]): void {
  const placed = resources.flatMap((resource) => {
    const link = queue.findIndex(resource.netns, resource.link);
    return link === undefined ? [] : [{ resource, route: routeVia(resource, link) }];
  });
  const isDoubtful = ({ destination, metric }: RouteState): boolean =>
    destination.family === AF_INET && metric === undefined;
  const doubtful = placed.filter(({ route }) => isDoubtful(route));
  for (const { resource, route } of doubtful) {
    const encode: Request["encode"] = (batch) => encodeGetRoute(batch, route);
    queue.add({ ...aboutRoute("look up route", resource), encode, reads: true, refused: () => true });
  }
  const found = new Map(
    [...new Set(doubtful.map(({ resource }) => resource.netns))].map((netns) => {
      const routes = queue.flush(netns).flatMap((reply) => decodeRoute(reply) ?? []);
      return [netns, new Set(routes.map(keyOf))];
    }),
  );
  for (const { resource, route } of placed) {
    // Where a packet to its first address takes another, all have to be looked at.
    const isThere = (): boolean =>
      found.get(resource.netns)?.has(keyOf(route)) || rivals(snapshots.at(resource.netns), route).exact;
    if (!isDoubtful(route) || isThere()) removeRoute(queue, resource, route);
  }
}

function removeRoute(queue: RequestQueue, resource: Route, route: RouteState): void {
  const { ESRCH, ENODEV, ENETUNREACH } = constants.errno;
  queue.add({
    ...aboutRoute("remove route", resource),
    encode: (batch) => encodeDeleteRoute(batch, route),
    refused: ({ errno }) => errno === ESRCH || errno === ENODEV || errno === ENETUNREACH,
  });
}

function aboutRoute(operation: string, resource: Route) {
  return { operation, object: routeWords(resource), netns: resource.netns };
}

function keyOf(route: RouteState): string {
  const { destination, metric } = route;
  return `${destination.bytes.toString("hex")}/${destination.length} ${pathOf(route)} ${metric ?? 0}`;
}

export function inspectRoute(snapshots: Snapshots, resource: Route): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const route = routeVia(resource, link.index);
  const { best, exact } = rivals(snapshot, route);
  if (exact) return undefined;
  if (best === undefined) return { resource, problem: "missing" };
  return { resource, problem: "different", found: pathWords(best, snapshot) };
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
    ...(resource.onlink ? { onlink: true } : {}),
    ...(resource.source === undefined ? {} : { source: parseAddress(resource.source) }),
    link,
    ...(metric === undefined ? {} : { metric }),
  };
}

/** Of the routes of one destination and metric, the one that is as described, or else any. */
function rivals(
  snapshot: Snapshot | undefined,
  wanted: RouteState,
): { readonly best: RouteState | undefined; readonly exact: boolean } {
  const same = (snapshot?.routesTo(wanted.destination) ?? []).filter(({ metric }) => metric === wanted.metric);
  const match = same.find((route) => pathOf(route) === pathOf(wanted));
  return { best: match ?? same[0], exact: match !== undefined };
}

function pathOf({ link, gateway, source }: RouteState): string {
  return [link, gateway?.toString("hex"), source?.toString("hex")].join(" ");
}

function routeWords({ destination, gateway, onlink, source, link, metric }: Route): string {
  const words = [
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...["dev", link],
    ...(onlink ? ["onlink"] : []),
    ...(source === undefined ? [] : ["src", source]),
  ];
  return `${destination} ${words.join(" ")}${metricWords(metric)}`;
}

function pathWords({ gateway, source, link, metric }: RouteState, found: Snapshot | undefined): string {
  const via = gateway === undefined ? "" : `via ${formatAddress(gateway)} `;
  const dev = link === undefined ? "over several links" : `dev ${found?.linkName(link) ?? link}`;
  return `${via}${dev}${source === undefined ? "" : ` src ${formatAddress(source)}`}${metricWords(metric)}`;
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

/** IPv6 says EHOSTUNREACH. */
function isOutOfReach({ gateway, onlink }: RouteState, errno: number): boolean {
  const { ENETUNREACH, EHOSTUNREACH } = constants.errno;
  return gateway !== undefined && !onlink && (errno === ENETUNREACH || errno === EHOSTUNREACH);
}

function gatewayFar(resource: Route): TsdError {
  const { destination, gateway, link } = resource;
  return new TsdError({
    kind: "conflict",
    code: "TSD_GATEWAY_FAR",
    message: `${destination} cannot be routed via ${gateway}, which ${link} does not reach without a router between`,
    hint: `Give ${link} an address on the network of ${gateway}; between hosts of an overlay mode=routed needs none.`,
    details: { ...resource },
  });
}

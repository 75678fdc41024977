import { familyOf, interfaceOption } from "../../api/index.js";
import { contains, isAddress, isCidr, networkOf } from "./addresses.js";
import { type Fields, fieldOf, isFields } from "./fields.js";
import { type Called, failed, quoted } from "./plugin-failure.js";

export interface JoinedRoute {
  readonly destination: string;
  /** Absent: the destination is on the link. */
  readonly gateway?: string;
}

/** What a plug-in replied to `Join`. */
export interface Joined {
  /** The link of the host's that goes into the namespace; undefined where the plug-in has none to move. */
  readonly source?: string;
  /** Of the interface's name in the namespace. */
  readonly prefix?: string;
  readonly gateways: readonly string[];
  readonly routes: readonly JoinedRoute[];
}

const NEXT_HOP = 0;
const CONNECTED = 1;
const MOST_ROUTES = 1000;

/** Throws `plugin` for what cannot be applied to an interface with these addresses. */
export function readJoin(called: Called, answer: Fields, addresses: readonly string[]): Joined {
  const names = fieldOf(answer, "InterfaceName") ?? {};
  if (!isFields(names)) throw failed(called, `InterfaceName is ${quoted(names)}, which is no object`);
  const source = nameIn(called, names, "SrcName", interfaceOption);
  const prefix = nameIn(called, names, "DstPrefix", prefixName);
  const routes = routesIn(called, answer);
  const onLink = [
    ...addresses.map(networkOf),
    ...routes.flatMap(({ destination, gateway }) => (gateway === undefined ? destination : [])),
  ];
  const gateways = ([4, 6] as const).flatMap((family) => gatewayIn(called, answer, family));
  for (const gateway of [...gateways, ...routes.flatMap((route) => route.gateway ?? [])])
    if (!onLink.some((cidr) => contains(cidr, gateway)))
      throw failed(called, `it replied with gateway ${quoted(gateway)}, which no address of the interface reaches`);
  return {
    gateways,
    routes,
    ...(source === undefined ? {} : { source }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

/** Three digits may follow. */
const prefixName = {
  valid: (value: string) => /^[A-Za-z][A-Za-z0-9_.-]{0,11}$/.test(value),
  expected: "the beginning of an interface name",
};

interface Name {
  valid(value: string, key: string): boolean;
  readonly expected: string;
}

function nameIn(called: Called, names: Fields, field: string, { valid, expected }: Name): string | undefined {
  const found = fieldOf(names, field) ?? "";
  if (found === "") return undefined;
  if (typeof found === "string" && valid(found, field)) return found;
  throw failed(called, `${field} is ${quoted(found)}, which is not ${expected}`);
}

function gatewayIn(called: Called, answer: Fields, family: 4 | 6): readonly string[] {
  const field = family === 4 ? "Gateway" : "GatewayIPv6";
  const found = fieldOf(answer, field) ?? "";
  if (found === "") return [];
  if (typeof found === "string" && isAddress(found, family)) return [found];
  throw failed(called, `${field} is ${quoted(found)}, which is no IPv${family} address`);
}

function routesIn(called: Called, answer: Fields): readonly JoinedRoute[] {
  const found = fieldOf(answer, "StaticRoutes") ?? [];
  if (!Array.isArray(found)) throw failed(called, `StaticRoutes is ${quoted(found)}, which is no list`);
  if (found.length > MOST_ROUTES)
    throw failed(called, `it replied with ${found.length} routes, and tsd sets ${MOST_ROUTES}`);
  return found.map((route: unknown) => {
    const read = isFields(route) ? routeOf(route) : undefined;
    if (read !== undefined) return read;
    throw failed(called, `StaticRoutes has ${quoted(route)}, which is no route`);
  });
}

/** A connected one has no next hop, and any other has one of the same family. */
function routeOf(route: Fields): JoinedRoute | undefined {
  const [destination, hop, type] = ["Destination", "NextHop", "RouteType"].map((name) => fieldOf(route, name));
  if (typeof destination !== "string" || !isCidr(destination)) return undefined;
  if ((type ?? NEXT_HOP) === CONNECTED) return { destination: networkOf(destination) };
  const isHop = typeof hop === "string" && isAddress(hop, familyOf(destination));
  return (type ?? NEXT_HOP) === NEXT_HOP && isHop ? { destination: networkOf(destination), gateway: hop } : undefined;
}

import { type Family, families, familyOf } from "../../api/address-family.js";
import type { CommonOptions, Endpoint, Network, PortBinding } from "../../api/index.js";
import type { EndpointRow, PortRequest, Routing, Sockets } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { driverOf, withoutPlugin } from "../requests/drivers.js";
import { planPorts } from "./endpoint-plan.js";
import { chooseBinding } from "./port-assignment.js";

type ShareParts = Pick<Parts, "store" | "drivers">;

/** What an endpoint has of its container's ports. */
export type PortShare = Required<Pick<Endpoint, "ports" | "opened">>;

const everywhere: Readonly<Record<Family, string>> = { 4: "0.0.0.0", 6: "::" };

/**
 * The endpoint that publishes a container's ports to callers of one family, or of any: of those that can, the one that the
 * default route of that family prefers, so that replies leave as the calls came.
 */
export function publishingEndpoint(
  { store, drivers }: ShareParts,
  endpoints: readonly EndpointRow[],
  family?: Family,
): EndpointRow | undefined {
  const able = endpoints.filter(({ state, endpoint }) => {
    const network = store.networks.get(endpoint.networkId)?.network;
    if (network === undefined || network.internal || state === "deleting") return false;
    if (family !== undefined && !maySpeak(endpoint, network, family)) return false;
    // What it publishes it keeps if its driver is gone.
    const driver = withoutPlugin(() => driverOf(drivers, network));
    return driver?.capabilities.publishes ?? endpoint.ports.length > 0;
  });
  const metric = ({ endpoint }: EndpointRow): number => endpoint.metric ?? Number.POSITIVE_INFINITY;
  return able.toSorted((a, b) => metric(a) - metric(b))[0];
}

/** Others decide on addresses where the network has no subnets; until then it may be any. */
function maySpeak({ addresses }: Endpoint, { subnets }: Network, family: Family): boolean {
  if (subnets.length === 0 && addresses.length === 0) return true;
  return addresses.some((address) => familyOf(address) === family);
}

/** Whether one of the endpoints publishes on an address of the host, or on all where that is undefined. */
export function canPublish(parts: ShareParts, rows: readonly EndpointRow[], hostAddress: string | undefined): boolean {
  return publishingEndpoint(parts, rows, hostAddress === undefined ? undefined : familyOf(hostAddress)) !== undefined;
}

/** Shares out again what is already published, among the endpoints that a container has now. */
export function sharesOf(
  parts: ShareParts,
  rows: readonly EndpointRow[],
  published: readonly PortBinding[],
): ReadonlyMap<string, PortShare> {
  const bindings = joinFamilies(published);
  const publishers = publishersOf(parts, rows);
  return new Map(
    rows.map((row) => {
      const opened = openedOn(parts, row, { bindings, publishers });
      const ports = bindings.flatMap((binding) => partOf(parts, binding, { row, publishers }));
      return [row.id, { ports, opened }];
    }),
  );
}

/**
 * Decides and claims host ports for what is asked for, in the caller's transaction, and shares them out. Returns what each
 * endpoint gets. Throws `invalid-input` where none has the family that is asked for, and as {@link planPorts}.
 */
export function planShares(
  parts: ShareParts & Pick<Parts, "warn">,
  host: Routing & Sockets,
  { rows, requests }: { readonly rows: readonly EndpointRow[]; readonly requests: readonly PortRequest[] },
): ReadonlyMap<string, readonly PortBinding[]> {
  const { store } = parts;
  const publishers = publishersOf(parts, rows);
  const added = new Map<string, readonly PortBinding[]>();
  const plan = (row: EndpointRow, port: PortRequest): void => {
    const { network } = store.networks.resolve(row.endpoint.networkId);
    const planned = planPorts(parts, host, { network, endpoint: row.endpoint, ports: [port] });
    added.set(row.id, [...(added.get(row.id) ?? []), ...planned]);
  };
  for (const request of requests) {
    if (request.hostAddress === undefined && isSplit(publishers)) {
      const whole = chooseBinding(store, host, request);
      for (const row of rows) for (const part of partOf(parts, whole, { row, publishers })) plan(row, part);
      continue;
    }
    const own = request.hostAddress === undefined ? undefined : publishers[familyOf(request.hostAddress)];
    const publisher = own ?? publishers[4] ?? publishers[6];
    if (publisher !== undefined) plan(publisher, request);
  }
  return added;
}

type Publishers = Readonly<Partial<Record<Family, EndpointRow>>>;

function publishersOf(parts: ShareParts, rows: readonly EndpointRow[]): Publishers {
  const found = families.flatMap((family) => {
    const row = publishingEndpoint(parts, rows, family);
    return row === undefined ? [] : [[family, row] as const];
  });
  return Object.fromEntries(found);
}

function isSplit({ 4: ipv4, 6: ipv6 }: Publishers): boolean {
  return ipv4 !== undefined && ipv6 !== undefined && ipv4.id !== ipv6.id;
}

interface Share {
  readonly row: EndpointRow;
  readonly publishers: Publishers;
}

/** What of a binding the endpoint publishes. One without address stays whole where a single endpoint has all of it. */
function partOf({ store }: ShareParts, binding: PortBinding, { row, publishers }: Share): readonly PortBinding[] {
  const own = families.filter((family) => publishers[family]?.id === row.id);
  const { hostAddress } = binding;
  if (hostAddress !== undefined) return own.includes(familyOf(hostAddress)) ? [binding] : [];
  if (!isSplit(publishers)) return own.length === 0 ? [] : [binding];
  const { host_binding: bound } = (store.networks.get(row.endpoint.networkId)?.network.options ?? {}) as CommonOptions;
  return own.map((family) => ({
    ...binding,
    hostAddress: bound !== undefined && familyOf(bound) === family ? bound : everywhere[family],
  }));
}

interface Opening {
  readonly bindings: readonly PortBinding[];
  readonly publishers: Publishers;
}

/** What others call at the endpoint's own addresses, though it is another one that publishes. */
function openedOn({ store, drivers }: ShareParts, row: EndpointRow, opening: Opening): readonly PortBinding[] {
  const network = store.networks.get(row.endpoint.networkId)?.network;
  if (network === undefined || network.internal) return [];
  const driver = withoutPlugin(() => driverOf(drivers, network));
  if (driver === undefined) return row.endpoint.opened ?? [];
  const reached = driver.reachedDirectly?.(network) ?? [];
  return reached
    .filter((family) => opening.publishers[family]?.id !== row.id)
    .flatMap((family) =>
      opening.bindings
        .filter(({ hostAddress }) => hostAddress === undefined || hostAddress === everywhere[family])
        .map((binding) => ({ ...binding, hostAddress: everywhere[family] })),
    );
}

/** What two endpoints publish of one binding becomes one again. */
export function joinFamilies(bindings: readonly PortBinding[]): readonly PortBinding[] {
  const halves = new Map<string, PortBinding>();
  for (const binding of bindings) if (binding.hostAddress === everywhere[6]) halves.set(placeOf(binding), binding);
  const joined = bindings.map((binding): PortBinding => {
    if (binding.hostAddress !== everywhere[4] || !halves.delete(placeOf(binding))) return binding;
    const { hostAddress: _hostAddress, ...whole } = binding;
    return whole;
  });
  return joined.filter((binding) => binding.hostAddress !== everywhere[6] || halves.has(placeOf(binding)));
}

function placeOf({ protocol, hostPort, containerPort, count }: PortBinding): string {
  return [protocol, hostPort, containerPort, count].join(" ");
}

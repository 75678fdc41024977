import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { VethLink } from "../../api/index.js";
import type { NetworkRow } from "../../contracts/index.js";
import { type Advice, inWords, oneOf } from "./advice.js";
import { arriveInNetwork } from "./arrival.js";
import { enterHost } from "./at-host.js";
import { linkElsewhere } from "./elsewhere.js";
import type { Journey, NamespaceCaller } from "./journey.js";
import { bridgeOf, guardOf } from "./landscape.js";
import { type NamespaceRoute, namespaceRoute } from "./namespace-route.js";
import { forwardedPacket, isIn, isLoopback, socketText, type Trace } from "./packet.js";
import { publicationOf } from "./publication.js";
import { unmodelledNetwork } from "./unmodelled.js";

export function callFromNamespace(journey: Journey, caller: NamespaceCaller): Trace {
  const { destination } = journey.packet;
  if (isLoopback(destination) || owns(caller, destination)) return stay(journey, caller);
  const unmodelled = unmodelledNetwork(journey.land, caller, destination);
  if (unmodelled !== undefined) return journey.failUnmodelled(unmodelled);
  const route = namespaceRoute(caller.rows, destination);
  const network = route === undefined ? undefined : journey.land.network(route.row.endpoint.networkId);
  const bridge = network === undefined ? undefined : bridgeOf(network);
  if (route === undefined || network === undefined || bridge === undefined) return stuck(journey, caller);
  const isElsewhere = linkElsewhere(journey.land, network, destination) !== undefined;
  const isNeighbour =
    route.gateway === undefined &&
    !journey.land.isHost(destination) &&
    !isElsewhere &&
    journey.land.isolationOf(bridge)?.apart !== true;
  send(journey, { caller, route, network, bridge, isNeighbour, isElsewhere });
  if (isNeighbour) {
    journey.reason = `both are on network "${network.network.name}"`;
    return arriveInNetwork(journey, network);
  }
  if (route.gateway === undefined || journey.land.isHost(route.gateway)) return enterHost(journey, bridge);
  return journey.fail(
    `gateway ${route.gateway} of network "${network.network.name}" is not this host, which sees no more of it`,
  );
}

function owns({ netns, rows }: NamespaceCaller, destination: string): boolean {
  return (
    netns !== undefined &&
    rows.some(({ endpoint }) => endpoint.addresses.some((address) => withoutPrefix(address) === destination))
  );
}

function stay(journey: Journey, { name, netns }: NamespaceCaller): Trace {
  const { destination } = journey.packet;
  journey.add({ place: name, what: `keeps it, since ${destination} is its own` });
  journey.reason = `${destination} is ${name} itself`;
  const served = { server: name, seenAs: destination };
  const trace =
    netns === undefined
      ? journey.arrive({ ...served, at: socketText(journey.packet) })
      : journey.arriveIn(netns, served);
  const main = journey.land.mainAddress([familyOf(destination)]);
  if (!isLoopback(destination) || main === undefined) return trace;
  const atHost = { ...journey.packet, destination: main };
  if (publicationOf(journey.land, atHost) === undefined) return trace;
  return { ...trace, verdict: { ...trace.verdict, hint: `The host's published port is at ${socketText(atHost)}.` } };
}

function stuck(journey: Journey, { name, handle, rows }: NamespaceCaller): Trace {
  const { destination } = journey.packet;
  journey.add({ place: name, what: `has no route to ${destination}` });
  const networks = rows.flatMap(({ endpoint }) => journey.land.network(endpoint.networkId)?.network ?? []);
  return journey.fail(`${name} ${whyStuck(networks, rows, destination)}`, adviceForStuck(journey, handle));
}

function adviceForStuck({ land, packet }: Journey, handle: string | undefined): Advice {
  if (handle === undefined) return {};
  const what = "Connect it to a network that leads there";
  const network = land.networkOf(packet.destination)?.network.name;
  return network === undefined
    ? inWords(`${what}: tsd network connect NETWORK ${handle}`)
    : oneOf({ what, command: ["network", "connect", network, handle] });
}

function whyStuck(
  networks: readonly NetworkRow["network"][],
  rows: NamespaceCaller["rows"],
  destination: string,
): string {
  if (rows.length === 0) return "is on no network";
  const family = familyOf(destination);
  const speaks = rows.some(({ endpoint }) => endpoint.addresses.some((address) => familyOf(address) === family));
  if (!speaks) return `has no IPv${family} address`;
  const names = networks.map((network) => `"${network.name}"`).join(", ");
  const isInward = networks.every(({ internal }) => internal);
  return isInward
    ? `is on internal networks alone (${names}), which lead nowhere else`
    : `has no default route by its networks (${names})`;
}

interface Sending {
  readonly caller: NamespaceCaller;
  readonly route: NamespaceRoute;
  readonly network: NetworkRow;
  readonly bridge: string;
  /** The bridge itself hands it on. */
  readonly isNeighbour: boolean;
  /** The host sends it on to another host. */
  readonly isElsewhere: boolean;
}

/** From the interface inside to the bridge. */
function send(journey: Journey, { caller, route, network, bridge, isNeighbour, isElsewhere }: Sending): void {
  const { row, gateway } = route;
  const { land } = journey;
  const { destination } = journey.packet;
  const { name } = network.network;
  const { interface: link, netns } = row.endpoint;
  const isKnown = caller.netns !== undefined;
  const source = isKnown
    ? route.source
    : (network.network.subnets.find(({ cidr }) => isIn(route.source, cidr))?.cidr ?? route.source);
  journey.packet = { ...journey.packet, source };
  const veth = row.resources.find((one): one is VethLink => one.kind === "link" && one.type === "veth");
  const by =
    gateway === undefined ? `which is on network "${name}" itself` : `by way of ${gateway} (network "${name}")`;
  const ports = isKnown && veth !== undefined ? [veth] : [];
  journey.add({
    place: caller.name,
    what: `sends from ${isKnown ? source : `an address of ${source}`} by ${link} to ${destination}, ${by}`,
    ...(isKnown ? { needs: route.resources, way: { address: destination, link, netns } } : {}),
  });
  const links = network.resources.filter((one) => one.kind === "link" && one.name === bridge);
  // If ports are isolated, or neighbours are on another host, this one replies for them (ip-sysctl: proxy_arp_pvlan, proxy_arp).
  const key = `net/ipv4/conf/${bridge}/proxy_arp${isElsewhere ? "" : "_pvlan"}`;
  const detour = gateway === undefined && !land.isHost(destination) ? land.sysctls(key) : [];
  const because = isElsewhere ? "which is on another host" : "since it keeps ports apart";
  const guard = isKnown ? guardOf(row) : undefined;
  const port = isKnown && veth !== undefined ? ` by its port ${veth.name}` : "";
  journey.add({
    place: `bridge ${bridge}`,
    what: `takes it in${port}${guard === undefined ? "" : `, whose guard knows ${source}`}${detour.length === 0 ? "" : `, and has the host answer for ${destination}, ${because}`}`,
    ...(isNeighbour ? { forwarded: forwardedPacket(journey.packet, { from: bridge, to: bridge, bridged: true }) } : {}),
    needs: [...links, ...ports, ...detour, ...(guard === undefined ? [] : [guard])],
    ...(guard === undefined ? {} : { effect: { intent: guard, family: familyOf(source) } }),
  });
}

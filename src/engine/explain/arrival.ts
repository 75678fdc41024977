import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { VethLink } from "../../api/index.js";
import type { EndpointRow, NetworkRow } from "../../contracts/index.js";
import { inWords } from "./advice.js";
import { crossHosts } from "./elsewhere.js";
import type { Journey } from "./journey.js";
import { bridgeOf, guardOf } from "./landscape.js";
import { namespaceRoute } from "./namespace-route.js";
import type { Trace } from "./packet.js";

/** A packet on the network of its addressee. */
export function arriveInNetwork(journey: Journey, network: NetworkRow): Trace {
  const { land, packet } = journey;
  const row = land.endpointAt(packet.destination, network.id);
  if (row !== undefined) return arriveAt(journey, network, row);
  if (network.network.cluster !== undefined) return crossHosts(journey, network);
  const bridge = bridgeOf(network);
  const isOwn = network.resources.some((one) => one.kind === "link" && one.name === bridge);
  const why = `no container on network "${network.network.name}" has address ${packet.destination}`;
  return journey.fail(
    isOwn ? why : `${why}, and tsd knows nothing of what else is behind its bridge ${bridge}`,
    inWords(`See who is there: tsd network inspect ${network.network.name}`),
  );
}

function arriveAt(journey: Journey, network: NetworkRow, row: EndpointRow): Trace {
  const { land, packet } = journey;
  const { source, destination } = packet;
  const server = land.inhabitant(row);
  const { interface: link, netns } = row.endpoint;
  const veth = row.resources.find((one): one is VethLink => one.kind === "link" && one.type === "veth");
  const own = row.resources.filter((one) => one.kind === "address" && withoutPrefix(one.address) === destination);
  const bridges = network.resources.filter((one) => one.kind === "link" && one.name === bridgeOf(network));
  const guard = guardOf(row);
  // A caller that is not known is somewhere outside.
  const answered = withoutPrefix(source ?? (familyOf(destination) === 6 ? "::" : "0.0.0.0"));
  const back = namespaceRoute(land.neighboursIn(netns), answered);
  journey.add({
    ...{ place: server, netns },
    what: `gets it by ${link}${veth === undefined ? "" : `, from port ${veth.name} of ${veth.master ?? "its bridge"}`}`,
    needs: [
      ...bridges,
      ...(veth === undefined ? [] : [veth]),
      ...own,
      ...(back?.resources ?? []),
      ...(guard === undefined ? [] : [guard]),
    ],
  });
  if (back === undefined) {
    return journey.fail(
      `${server} has no route for its answer to ${source ?? "another machine"}`,
      inWords(`Connect it to a network that leads out: tsd network connect NETWORK ${land.handle(row)}`),
    );
  }
  return journey.arriveIn(netns, { server, ...(source === undefined ? {} : { seenAs: source }) });
}

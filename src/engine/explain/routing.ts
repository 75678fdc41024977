import { familyOf } from "../../api/address-family.js";
import type { NetworkRow } from "../../contracts/index.js";
import { arriveInNetwork } from "./arrival.js";
import { linkElsewhere } from "./elsewhere.js";
import { decideForward } from "./forward.js";
import { stoppedForwarding } from "./forwarding.js";
import type { Journey } from "./journey.js";
import { bridgeOf } from "./landscape.js";
import { forwardedPacket, socketText, type Trace } from "./packet.js";
import { leave } from "./postrouting.js";

/** Sends a packet on: from the host itself, or one that came in by `from`. */
export function routeOn(journey: Journey, from?: string): Trace {
  const { land, packet } = journey;
  const { destination } = packet;
  const network = land.networkOf(destination);
  const bridge = network === undefined ? undefined : bridgeOf(network);
  if (network !== undefined && bridge !== undefined && land.hostAddressOn(bridge, destination) !== undefined) {
    return routeToNetwork(journey, { network, bridge, ...(from === undefined ? {} : { from }) });
  }
  if (network !== undefined && bridge === undefined) return journey.failUnmodelled(network);
  const way = land.machine.routeTo(destination);
  if (network !== undefined && (way === undefined || from === undefined)) {
    return journey.fail(`the host has no address on network "${network.network.name}", and so no route to it`);
  }
  if (way === undefined) return journey.fail(`the host has no route to ${destination}`);
  return routeToMachine(journey, way, from);
}

interface BridgeRoute {
  readonly network: NetworkRow;
  readonly bridge: string;
  readonly from?: string;
}

function routeToNetwork(journey: Journey, { network, bridge, from }: BridgeRoute): Trace {
  const { land, packet } = journey;
  const link = linkElsewhere(land, network, packet.destination) ?? bridge;
  const way = { address: packet.destination, link };
  if (from === undefined) {
    const source = packet.source ?? land.hostAddressOn(link, packet.destination) ?? "";
    journey.packet = { ...packet, source };
    if (!packet.translated) journey.reason = "the host reaches every container";
    journey.add({
      place: "host",
      what: `sends from ${source} by ${link}; what is its own meets no forward rules`,
      way,
    });
  } else {
    const stopped = forward(journey, { from, to: link, way });
    if (stopped !== undefined) return stopped;
  }
  leave(journey, link, from);
  return arriveInNetwork(journey, network);
}

function routeToMachine(
  journey: Journey,
  { link, gateway, source }: { readonly link: string; readonly gateway?: string; readonly source?: string },
  from?: string,
): Trace {
  const { packet } = journey;
  const { destination } = packet;
  const by = gateway === undefined ? "on its wire" : `by way of ${gateway}`;
  if (from === undefined) {
    journey.packet = { ...packet, ...(source === undefined ? {} : { source }) };
    journey.add({ place: "host", what: `sends from ${source ?? "its own address"} by ${link}, ${by}` });
    journey.reason = "tsd stands in the way of nothing that the host sends";
  } else {
    const stopped = forward(journey, { from, to: link });
    if (stopped !== undefined) return stopped;
    journey.reason = "containers reach what the host reaches";
  }
  leave(journey, link, from, gateway);
  const { source: seenAs } = journey.packet;
  return journey.arrive({
    server: "another machine",
    at: socketText({ ...packet, destination }),
    ...(seenAs === undefined ? {} : { seenAs }),
  });
}

/** Returns where the path ends, undefined if it goes on. */
function forward(
  journey: Journey,
  {
    from,
    to,
    way,
  }: { readonly from: string; readonly to: string; readonly way?: { readonly address: string; readonly link: string } },
): Trace | undefined {
  const { land, packet } = journey;
  const { passes, what, reason, advice, effect, needs } = decideForward(journey, from, to);
  journey.add({
    place: "forward",
    what: `from ${from} to ${to}: ${what}`,
    forwarded: forwardedPacket(packet, { from, to }),
    ...(effect === undefined ? {} : { effect }),
    ...(needs === undefined ? {} : { needs }),
    ...(way === undefined ? {} : { way }),
  });
  if (!passes) return journey.fail(reason ?? what, advice);
  if (reason !== undefined) journey.reason = reason;
  const family = familyOf(packet.destination);
  // The answer comes in by the other one.
  const stopped = stoppedForwarding(land, family, from) ?? stoppedForwarding(land, family, to);
  return stopped === undefined ? undefined : journey.fail(stopped.why, stopped.advice);
}

import { translate } from "./at-host.js";
import { answerAtHost } from "./host-answer.js";
import type { Journey } from "./journey.js";
import type { Trace } from "./packet.js";
import { publicationOf } from "./publication.js";
import { routeOn } from "./routing.js";

export function callFromHost(journey: Journey): Trace {
  const { land, packet, caller } = journey;
  const { destination } = packet;
  if (!land.isHost(destination)) return routeOn(journey);
  const source = land.machine.routeTo(destination)?.source ?? destination;
  journey.packet = { ...packet, source };
  journey.add({ place: caller.name, what: `sends from ${source} to ${destination}, which is the host's own` });
  // IPv6 has no route_localnet: what is translated from ::1 gets no answer, so that no publication holds for it.
  const publication = destination === "::1" ? undefined : publicationOf(land, packet);
  if (publication === undefined) return answerAtHost(journey);
  translate(journey, "output", publication);
  return routeOn(journey);
}

import { familyOf } from "../../api/address-family.js";
import type { Publish } from "../../api/index.js";
import { answerAtHost } from "./host-answer.js";
import type { Journey } from "./journey.js";
import { socketText, type Trace } from "./packet.js";
import { publicationOf } from "./publication.js";
import { routeOn } from "./routing.js";

/** A packet that comes in by `link`. */
export function enterHost(journey: Journey, link: string): Trace {
  const { land, packet } = journey;
  if (!land.isHost(packet.destination)) return routeOn(journey, link);
  const publication = publicationOf(land, packet);
  if (publication === undefined) return answerAtHost(journey);
  translate(journey, "prerouting", publication);
  return routeOn(journey, link);
}

export function translate(journey: Journey, place: "prerouting" | "output", publish: Publish): void {
  const { packet, land } = journey;
  const { hostPort, containerPort, containerAddress, protocol } = publish;
  const port = packet.port ?? hostPort;
  const translated = { destination: containerAddress, port: containerPort + port - hostPort };
  journey.packet = { ...packet, ...translated, translated: true };
  journey.reason = `port ${port}/${protocol} is published`;
  const row = land.facts.endpoints.find(({ id }) => id === publish.owner);
  // The kernel does not report a process that bound it later.
  const isFree =
    row?.endpoint.reservesPorts ||
    land.machine.isPortFree({ protocol, hostAddress: packet.destination, hostPort: port });
  journey.add({
    place,
    what: `translates ${socketText(packet)} to ${socketText(translated)}${row === undefined ? "" : ` (${land.inhabitant(row)})`}${isFree ? "" : "; a process of the host listens there in vain: see tsd doctor"}`,
    needs: [publish],
    effect: { intent: publish, family: familyOf(containerAddress), port },
  });
}

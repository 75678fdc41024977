import type { Publish } from "../../api/index.js";
import { inWords, oneOf } from "./advice.js";
import type { Journey } from "./journey.js";
import { type Packet, socketText, type Trace } from "./packet.js";
import { publishedByPlugin, publishedElsewhere } from "./publication.js";

/** What is for the host itself and leads to no container. */
export function answerAtHost(journey: Journey): Trace {
  const { land, packet } = journey;
  const { protocol, destination, port, source } = packet;
  const at = socketText(packet);
  const publisher = publishedByPlugin(land, packet);
  if (publisher !== undefined) return journey.failPublishedByPlugin(publisher);
  const served = { server: "the host", at, ...(source === undefined ? {} : { seenAs: source }) };
  journey.add({ place: "host", what: `keeps ${at}, which is published by no container` });
  if (protocol === "ping" || port === undefined) {
    journey.reason = "pings of the host are the host's to answer";
    return journey.arrive(served);
  }
  if (!land.machine.isPortFree({ protocol, hostAddress: destination, hostPort: port })) {
    journey.reason = "a process of the host listens there";
    return journey.arrive(served);
  }
  const elsewhere = publishedElsewhere(land, packet);
  const owner = land.facts.endpoints.find(({ id }) => id === elsewhere?.owner);
  if (elsewhere === undefined || owner === undefined) {
    return journey.fail(
      `no container publishes port ${port}/${protocol} of ${destination}, and nothing on the host listens there`,
      inWords(`Publish it: tsd port add CONTAINER ${port}:PORT${protocol === "tcp" ? "" : `/${protocol}`}`),
    );
  }
  const called = `port ${port}/${protocol} of ${land.inhabitant(owner)}`;
  if (destination === "::1") {
    return journey.fail(
      `${called} is published, but the kernel leads ::1 to no container`,
      inWords("Call another address of the host."),
    );
  }
  const there = elsewhere.hostAddress === undefined ? "" : `, but on ${elsewhere.hostAddress}`;
  return journey.fail(
    `${called} is not published on ${destination}${there}`,
    oneOf({
      what: "Call it there, or publish it here as well",
      command: ["port", "add", land.handle(owner), publicationHere(packet, elsewhere)],
    }),
  );
}

/** As `-p` takes it. */
function publicationHere(packet: Packet, { hostPort, containerPort }: Publish): string {
  const { protocol, port = hostPort } = packet;
  return `${socketText(packet)}:${containerPort + port - hostPort}${protocol === "tcp" ? "" : `/${protocol}`}`;
}

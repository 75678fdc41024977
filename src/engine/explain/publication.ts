import { familyOf } from "../../api/address-family.js";
import type { Publish } from "../../api/index.js";
import type { Landscape } from "./landscape.js";
import type { Packet } from "./packet.js";

/** The publication that a packet to the host meets: one of its very address before one of any. */
export function publicationOf(land: Landscape, packet: Packet): Publish | undefined {
  const { port } = packet;
  if (port === undefined) return undefined;
  const matching = land.intents("publish").filter((one) => covers(one, packet, port));
  return matching.find((one) => !isForAny(one)) ?? matching[0];
}

/** Whether a port of the host is published at some other address of it: `127.0.0.1 alone`. */
export function publishedElsewhere(land: Landscape, { protocol, port = 0 }: Packet): Publish | undefined {
  return land.intents("publish").find((one) => one.protocol === protocol && isBetween(port, one.hostPort, one.count));
}

function covers(publish: Publish, { protocol, destination }: Packet, port: number): boolean {
  return (
    publish.protocol === protocol &&
    familyOf(publish.containerAddress) === familyOf(destination) &&
    (isForAny(publish) || publish.hostAddress === destination) &&
    isBetween(port, publish.hostPort, publish.count)
  );
}

/** The unspecified addresses mean every address, as they do to bind(2). */
function isForAny({ hostAddress }: Publish): boolean {
  return hostAddress === undefined || hostAddress === "0.0.0.0" || hostAddress === "::";
}

export function isBetween(port: number, first: number, count: number): boolean {
  return port >= first && port < first + count;
}

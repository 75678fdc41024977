import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { PortBinding, Publish } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import type { Landscape } from "./landscape.js";
import type { Packet } from "./packet.js";

/** The publication that a packet to the host meets: one of its very address before one of any. */
export function publicationOf(land: Landscape, packet: Packet): Publish | undefined {
  const { port } = packet;
  if (port === undefined) return undefined;
  const matching = land.intents("publish").filter((one) => covers(one, packet, port));
  return matching.find((one) => !isForAny(one)) ?? matching[0];
}

/** The endpoint whose driver alone publishes what the packet calls, by rules that are in no list of tsd's. */
export function publishedByPlugin({ facts }: Landscape, packet: Packet): EndpointRow | undefined {
  const { port } = packet;
  if (port === undefined) return undefined;
  return facts.endpoints.find(({ endpoint: { addresses, ports }, resources }) => {
    if (resources.some(({ kind }) => kind === "publish" || kind === "allow")) return false;
    return addresses.some((address) => {
      const containerAddress = withoutPrefix(address);
      return ports.some((binding) => covers({ ...binding, containerAddress }, packet, port));
    });
  });
}

/** Whether a port of the host is published at some other address of it: `127.0.0.1 alone`. */
export function publishedElsewhere(land: Landscape, { protocol, port = 0 }: Packet): Publish | undefined {
  return land.intents("publish").find((one) => one.protocol === protocol && isBetween(port, one.hostPort, one.count));
}

function covers(
  publish: PortBinding & Pick<Publish, "containerAddress">,
  { protocol, destination }: Packet,
  port: number,
): boolean {
  return (
    publish.protocol === protocol &&
    familyOf(publish.containerAddress) === familyOf(destination) &&
    (isForAny(publish) || publish.hostAddress === destination) &&
    isBetween(port, publish.hostPort, publish.count)
  );
}

/** The unspecified addresses mean every address, as they do to bind(2). */
function isForAny({ hostAddress }: PortBinding): boolean {
  return hostAddress === undefined || hostAddress === "0.0.0.0" || hostAddress === "::";
}

export function isBetween(port: number, first: number, count: number): boolean {
  return port >= first && port < first + count;
}

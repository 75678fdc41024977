import { familyOf } from "../../api/address-family.js";
import { enterHost } from "./at-host.js";
import type { Journey, OutsideCaller } from "./journey.js";
import { isLoopback, socketText, type Trace } from "./packet.js";

export function callFromOutside(journey: Journey, { name, address }: OutsideCaller): Trace {
  const { land, packet } = journey;
  const { destination } = packet;
  if (destination === address) {
    journey.reason = `${destination} is its own`;
    return journey.arrive({ server: name, at: socketText(packet), seenAs: destination });
  }
  if (isLoopback(destination)) return journey.fail(`${destination} is every machine's own, and no other can call it`);
  const isHost = land.isHost(destination);
  const network = isHost ? undefined : land.networkOf(destination)?.network;
  if (!isHost && network === undefined) {
    return journey.fail(
      `${destination} is neither this host nor anything behind it, so that the packet does not come this way`,
    );
  }
  const uplink =
    (address === undefined ? undefined : land.machine.routeTo(address)?.link) ?? land.machine.uplinks()[0]?.name;
  if (uplink === undefined) return journey.fail("the host has no interface by which other machines reach it");
  if (address !== undefined) journey.packet = { ...packet, source: address };
  const subnet = network?.subnets.find(({ cidr }) => familyOf(cidr) === familyOf(destination))?.cidr;
  journey.add({
    place: name,
    what:
      subnet === undefined
        ? `sends to ${destination}, which is the host's`
        : `sends to ${destination}, and must have a route to ${subnet} by the host`,
  });
  journey.add({ place: "host", what: `takes it in by ${uplink}` });
  return enterHost(journey, uplink);
}

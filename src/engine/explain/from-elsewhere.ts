import { familyOf } from "../../api/address-family.js";
import type { NetworkRow } from "../../contracts/index.js";
import { underlayOf } from "../host-facts/underlay.js";
import { inWords } from "./advice.js";
import { arriveInNetwork } from "./arrival.js";
import { entriesFor, isOfCipher } from "./elsewhere.js";
import type { ElsewhereCaller, Journey } from "./journey.js";
import { isIn, socketText, type Trace } from "./packet.js";
import { routeOn } from "./routing.js";

/** What another host hands over to this one: the way by which its network comes here, and what is behind its bridge. */
export function callFromElsewhere(
  journey: Journey,
  { name, addresses, host, underlay, network: row }: ElsewhereCaller,
): Trace {
  const { land, packet } = journey;
  const { destination, protocol } = packet;
  const { network } = row;
  const isolate = row.resources.find((one) => one.kind === "isolate");
  const link = isolate?.trunk ?? isolate?.inlet?.link ?? isolate?.remote?.link;
  if (isolate === undefined || link === undefined) return journey.failUnmodelled(row);
  const address = addresses.find((one) => familyOf(one) === familyOf(destination)) ?? "";
  journey.packet = { ...packet, source: address };
  const carrier = underlayOf(row);
  const entries = entriesFor(land, row.id, { host, destination: address });
  const behind = entries.find((one) => one.kind === "wireguard peer");
  journey.add({
    place: name,
    what: `sends from ${address} to ${destination}, and host ${host} decides whether it leaves there`,
  });
  journey.add({
    place: carrier === undefined ? "host" : `tunnel ${carrier.tunnel.name}`,
    what:
      carrier === undefined
        ? `takes it in by ${link} from host ${host} as it is`
        : `takes it in from host ${host} at ${underlay}, in VXLAN segment ${carrier.tunnel.vni}`,
    needs: [
      ...row.resources.filter(
        (one) => one.kind === "segment" || (behind !== undefined && isOfCipher(one, behind.link)),
      ),
      ...entries,
    ],
    crossing: {
      ...{ network, host, address: underlay },
      ...(carrier === undefined ? {} : { underlay: carrier }),
      ...(behind === undefined ? {} : { inner: behind.inner }),
    },
  });
  if (land.isHost(destination)) {
    if (protocol !== "ping" || !isOwnIn(row, journey, destination))
      return refused(journey, row, "of this host itself pings of its own addresses there");
    journey.reason = "hosts of a network reply to its pings";
    return journey.arrive({ server: "the host", at: socketText(packet), seenAs: address });
  }
  if (land.endpointAt(destination, row.id) === undefined) return refused(journey, row, "what is on it here");
  if (isolate.inlet === undefined) return routeOn(journey, link);
  if (isolate.apart) return routeOn(journey, isolate.bridge);
  journey.reason = `both are on network "${network.name}"`;
  return arriveInNetwork(journey, row);
}

function isOwnIn({ network }: NetworkRow, { land }: Journey, address: string): boolean {
  return land.isHost(address) && network.subnets.some(({ cidr }) => isIn(address, cidr));
}

function refused(journey: Journey, { network }: NetworkRow, reached: string): Trace {
  return journey.fail(
    `what other hosts send on network "${network.name}" reaches ${reached} alone`,
    inWords("A container's packets to elsewhere leave by its own host: tsd explain there"),
  );
}

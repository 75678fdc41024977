import { familyOf } from "../../api/address-family.js";
import type { Allow, Isolate, PacketEffect, Resource } from "../../api/index.js";
import type { Advice } from "./advice.js";
import type { Journey } from "./journey.js";
import type { Landscape } from "./landscape.js";
import { openingHint } from "./opening-hint.js";
import type { Packet } from "./packet.js";
import { isBetween } from "./publication.js";

export interface Decision {
  readonly passes: boolean;
  readonly what: string;
  /** Why, where it is what decides about the whole way. */
  readonly reason?: string;
  readonly advice?: Advice;
  readonly effect?: PacketEffect;
  /** Without these it would be decided otherwise, to the packet's harm. */
  readonly needs?: readonly Resource[];
}

/** What may be forwarded from one link to another: see {@link Isolate} and {@link Allow}. */
export function decideForward(journey: Journey, from: string, to: string): Decision {
  const { land, packet } = journey;
  const family = familyOf(packet.destination);
  for (const internal of land.isOneNetwork(from, to, packet) ? [] : [land.isolationOf(from), land.isolationOf(to)]) {
    if (internal?.internal !== true) continue;
    return dropped(
      { intent: internal, aspect: "internal", family },
      `${nameOf(land, internal)} is internal: nothing passes between it and elsewhere`,
      openingHint(journey),
    );
  }
  const isolation = land.isolationOf(to);
  const own = land.isolationOf(from);
  if (isolation === undefined && own?.remote !== undefined && land.isOneNetwork(from, to, packet)) {
    return { passes: true, what: `accepted: ${spans(land, own)}`, reason: spans(land, own), needs: [own] };
  }
  if (isolation === undefined) return { passes: true, what: "accepted, since tsd keeps nothing from leaving" };
  if (isolation.trunk === to && isolation.bridge === from) {
    return accepted({ intent: isolation, aspect: "trunk", family }, spans(land, isolation));
  }
  return decideInward(journey, isolation, { from, to });
}

function decideInward(
  journey: Journey,
  isolation: Isolate,
  { from, to }: { readonly from: string; readonly to: string },
): Decision {
  const { land, packet } = journey;
  const { bridge } = isolation;
  const name = nameOf(land, isolation);
  const family = familyOf(packet.destination);
  const by = (aspect: NonNullable<PacketEffect["aspect"]>): PacketEffect => ({ intent: isolation, aspect, family });
  if (packet.translated) {
    if (from === bridge && isolation.apart && turnsRound(land, family)) {
      return dropped(
        undefined,
        `${name} has icc=false, and br_netfilter turns the packet round within its bridge, which keeps its ports apart`,
      );
    }
    return { passes: true, what: "accepted, since it is published", effect: by("published") };
  }
  if (from !== bridge && !isolation.apart && land.isOneNetwork(from, bridge, packet)) {
    return accepted(by("neighbour"), `${name} lets its containers call each other`);
  }
  if (isolation.open && land.isolationOf(from) !== undefined) {
    return accepted(by("open"), `${name} lets other networks in (isolate=false)`);
  }
  if (isolation.pingable && to === bridge && packet.protocol === "ping")
    return accepted(by("pingable"), `${name} may be pinged`);
  const allowance = land.intents("allow").find((allow) => isAllowed(allow, packet));
  if (allowance !== undefined) {
    const { port } = packet;
    const reason =
      allowance.from === undefined ? `port ${port}/${packet.protocol} is published` : "a link opens the port";
    return accepted({ intent: allowance, family, ...(port === undefined ? {} : { port }) }, reason);
  }
  return dropped(by("else"), refusal({ land, packet, name }, isolation, from), openingHint(journey));
}

function accepted(effect: PacketEffect, reason: string): Decision {
  return { passes: true, what: `accepted: ${reason}`, reason, effect, needs: [effect.intent] };
}

function dropped(effect: PacketEffect | undefined, reason: string, advice: Advice = {}): Decision {
  const by = effect === undefined ? {} : { effect };
  return { passes: false, what: "dropped", reason, ...by, advice };
}

function refusal(
  { land, packet, name }: Pick<Journey, "land" | "packet"> & { readonly name: string },
  { bridge, apart }: Isolate,
  from: string,
): string {
  if (apart && land.isOneNetwork(from, bridge, packet))
    return `${name} keeps neighbours apart (icc=false), and no link opens this`;
  return `${name} lets nobody in from elsewhere but to what is published`;
}

/** With br_netfilter, what is translated to a neighbour is turned round within the bridge. */
function turnsRound({ machine }: Landscape, family: 4 | 6): boolean {
  return machine.parameter(`net/bridge/bridge-nf-call-ip${family === 6 ? "6" : ""}tables`) === "1";
}

function isAllowed({ protocol, address, port, count, from }: Allow, packet: Packet): boolean {
  return (
    packet.port !== undefined &&
    protocol === packet.protocol &&
    address === packet.destination &&
    isBetween(packet.port, port, count) &&
    (from === undefined || from === packet.source)
  );
}

function spans(land: Landscape, isolation: Isolate): string {
  return `${nameOf(land, isolation)} is on other hosts too`;
}

function nameOf(land: Landscape, { owner, bridge }: Isolate): string {
  const name = land.network(owner)?.network.name;
  return name === undefined ? `bridge ${bridge}` : `network "${name}"`;
}

import { familyOf } from "../../api/address-family.js";
import type { PacketEffect, Resource } from "../../api/index.js";
import type { Journey } from "./journey.js";
import { isIn } from "./packet.js";

/** The address that a packet leaves the host with by `to`, where it came in by `from` or from the host itself. */
export function leave(journey: Journey, to: string, from?: string, gateway?: string): void {
  const { land, packet } = journey;
  const isolation = land.isolationOf(to);
  const translation = translationOf(journey, to, from);
  if (translation === undefined) {
    if (from === undefined) return;
    const own = `leaves by ${to} with its own address${packet.source === undefined ? "" : ` ${packet.source}`}`;
    // Behind a bridge of tsd all replies go through the host.
    const condition = isolation === undefined ? ", to which the other side must know the way" : "";
    journey.add({ place: "postrouting", what: `${own}${condition}` });
    return;
  }
  const address = translation.address ?? land.hostAddressOn(to, gateway ?? packet.destination);
  if (address !== undefined) journey.packet = { ...packet, source: address };
  journey.add({
    place: "postrouting",
    what: `leaves by ${to} masqueraded as ${address ?? "the host"}${translation.why}`,
    needs: [translation.effect.intent, ...(translation.needs ?? [])],
    effect: translation.effect,
  });
}

interface Translation {
  readonly effect: PacketEffect;
  readonly address?: string;
  readonly needs?: readonly Resource[];
  readonly why: string;
}

function translationOf({ land, packet }: Journey, to: string, from: string | undefined): Translation | undefined {
  const family = familyOf(packet.destination);
  const isolation = land.isolationOf(to);
  if (from === undefined) {
    const isLocal = packet.source !== undefined && isIn(packet.source, "127.0.0.0/8");
    if (!isLocal || isolation === undefined) return undefined;
    return {
      effect: { intent: isolation, aspect: "loopback", family },
      needs: land.localnets(to),
      why: ", since 127.0.0.1 is every machine's own",
    };
  }
  if (from === to) {
    if (!packet.translated || isolation === undefined) return undefined;
    return {
      effect: { intent: isolation, aspect: "hairpin", family },
      why: ", so that replies come back through the host",
    };
  }
  const masquerade = land
    .intents("masquerade")
    .find(({ bridge, subnet }) => bridge === from && familyOf(subnet) === family);
  if (masquerade === undefined || land.isOneNetwork(from, to, packet)) return undefined;
  const { address } = masquerade;
  return { effect: { intent: masquerade, family }, ...(address === undefined ? {} : { address }), why: "" };
}

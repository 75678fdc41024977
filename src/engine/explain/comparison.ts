import {
  type Drift,
  type Explanation,
  type ForwardedPacket,
  type Hop,
  isSameChain,
  type Provider,
  type Resource,
  type Verdict,
} from "../../api/index.js";
import type { Host, PacketFilters, Routing, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { dropsOfNetworks, remedyFor } from "../host-facts/dropping-chains.js";
import type { NatSelection } from "../nat/nat-selection.js";
import { silenceAt } from "./listening.js";
import type { Step, Trace } from "./packet.js";

/** Holds a way against the kernel. */
export class Comparison {
  constructor(
    private readonly applier: Pick<Provider, "inspect">,
    private readonly nat: Pick<NatSelection, "held" | "known">,
    private readonly store: Pick<Store, "networks" | "settings">,
  ) {}

  /** Names what decides, reports drift, and takes it into the verdict. */
  async compare({ steps, verdict, socket }: Trace, host: Host): Promise<Explanation> {
    const active = this.nat.known()?.active;
    const backend = active === undefined ? undefined : await this.nat.held(active);
    const drifts = await this.applier.inspect(inspectable(steps));
    const hops = steps.map((step, index): Hop => {
      const by = step.effect === undefined ? undefined : backend?.ruleFor?.(step.effect);
      const earlier = steps.slice(0, index).flatMap(inspectedAt);
      const found = driftsAt(step, drifts).filter(({ resource }) => !earlier.includes(resource));
      const amiss = misrouteOf(step, host);
      return {
        ...{ place: step.place, what: step.what },
        ...(by === undefined ? {} : { by }),
        ...(found.length === 0 ? {} : { drifts: found }),
        ...(amiss === undefined ? {} : { amiss }),
      };
    });
    const cautions = cautionsOf(steps, { active, isOpen: !verdict.reaches && drifts.length > 0 });
    const broken = steps.findIndex(
      ({ needs }, index) =>
        hops[index]?.amiss !== undefined || drifts.some(({ resource }) => needs?.includes(resource)),
    );
    if (!verdict.reaches) return { hops, verdict, cautions };
    if (broken < 0) {
      const lost = await this.lossOf(steps, host);
      if (lost !== undefined) return { hops, verdict: { reaches: false, ...lost }, cautions };
      const silence = socket === undefined ? undefined : silenceAt(socket, host);
      return { hops, verdict, cautions: silence === undefined ? cautions : [silence, ...cautions] };
    }
    const why = `hop ${broken + 1} is not in the kernel as tsd made it`;
    const hint = drifts.length > 0 ? "Repair it: tsd reload" : "See what is in the way: tsd doctor";
    return { hops, verdict: { reaches: false, why, hint }, cautions };
  }

  /** What a chain of another's does to the packet or to its answer. */
  private async lossOf(
    steps: readonly Step[],
    host: Routing & PacketFilters,
  ): Promise<Pick<Verdict, "why" | "hint"> | undefined> {
    const { store } = this;
    const sent = steps.flatMap(({ forwarded }) => forwarded ?? []);
    if (sent.length === 0) return undefined;
    const [drop] = await host.forwardDrops([...sent, ...sent.map(answerTo)]);
    if (drop === undefined) return undefined;
    const what = drop.packets.some((packet) => sent.includes(packet)) ? "it" : "the answer";
    const ways = new Set(drop.packets.map(wayOf));
    const any = (await dropsOfNetworks(store, host)).filter(({ chain }) => isSameChain(chain, drop.chain));
    // Where a bridge was adopted, the remedy is another one.
    const known = any.find(({ packets }) => packets.some((packet) => ways.has(wayOf(packet)))) ?? any[0];
    return {
      why: `${drop.words} drops ${what}`,
      hint: known === undefined ? "A rule there means packets like this one; see its owner." : remedyFor(store, known),
    };
  }
}

function wayOf({ from, to }: ForwardedPacket): string {
  return `${from} ${to}`;
}

function cautionsOf(
  steps: readonly Step[],
  { active, isOpen }: { readonly active: string | undefined; readonly isOpen: boolean },
): readonly string[] {
  return [
    ...(active === "none" && steps.some(({ effect }) => effect !== undefined)
      ? ["the NAT backend is none: what is said of translations and drops holds as far as somebody else sees to it"]
      : []),
    ...(isOpen ? ["the kernel differs from what tsd made, so that it may be decided otherwise until tsd reload"] : []),
  ];
}

/** Each address is the other's, as it is where the host has turned its translations back. */
function answerTo({ source, destination, port: _port, ...packet }: ForwardedPacket): ForwardedPacket {
  return {
    ...packet,
    from: packet.to,
    to: packet.from,
    state: "established",
    ...(destination === undefined ? {} : { source: destination }),
    ...(source === undefined ? {} : { destination: source }),
  };
}

function inspectable(steps: readonly Step[]): readonly Resource[] {
  return [...new Set(steps.flatMap(inspectedAt))];
}

function inspectedAt({ needs = [], effect }: Step): readonly Resource[] {
  return effect === undefined ? needs : [...needs, effect.intent];
}

function driftsAt(step: Step, drifts: readonly Drift[]): readonly Drift[] {
  const inspected = inspectedAt(step);
  return drifts.filter(({ resource }) => inspected.includes(resource));
}

/** In words, where the kernel sends the packet by another link. */
function misrouteOf({ way }: Step, host: Routing): string | undefined {
  if (way === undefined) return undefined;
  try {
    const found = host.routeTo(way.address, way.netns);
    if (found?.link === way.link) return undefined;
    return found === undefined
      ? `the kernel has no route to ${way.address}`
      : `the kernel sends it by ${found.link} instead`;
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    return error.message;
  }
}

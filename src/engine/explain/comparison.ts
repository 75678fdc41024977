import {
  type Drift,
  type Explanation,
  type ForwardDrop,
  type ForwardedPacket,
  type Hop,
  isSameChain,
  type NatBackend,
  type Provider,
  type Resource,
  type Verdict,
} from "../../api/index.js";
import type { Host, PacketFilters, Routing, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { dropsOfNetworks, remedyCommand, remedyFor } from "../host-facts/dropping-chains.js";
import type { NatSelection } from "../nat/nat-selection.js";
import { inWords, oneOf } from "./advice.js";
import { type Crossing, lostFrames, narrowWay } from "./crossing.js";
import { silenceAt } from "./listening.js";
import type { Step, Trace } from "./packet.js";

/** Holds a way against the kernel. */
export class Comparison {
  constructor(
    private readonly applier: Pick<Provider, "inspect">,
    private readonly nat: Pick<NatSelection, "held" | "known">,
    private readonly store: Pick<Store, "networks" | "settings">,
  ) {}

  /** Names what decides, reports drift, and takes it into the verdicts; by one look at the kernel for all ways. */
  async compare(traces: readonly Trace[], host: Host): Promise<readonly Explanation[]> {
    const active = this.nat.known()?.active;
    const backend = active === undefined ? undefined : await this.nat.held(active);
    const drifts = await this.applier.inspect([...new Set(traces.flatMap(({ steps }) => steps.flatMap(inspectedAt)))]);
    const compared = traces.map((trace) => {
      const inspected = drifts.length === 0 ? new Set() : new Set(trace.steps.flatMap(inspectedAt));
      const own = drifts.filter(({ resource }) => inspected.has(resource));
      const hops = hopsOf(trace.steps, { drifts: own, backend, host });
      return { trace, drifts: own, hops, broken: brokenHop(trace.steps, hops, own) };
    });
    const losses = await this.lossesOf(
      compared.map(({ trace, broken }) => (trace.verdict.reaches && broken < 0 ? trace.steps : [])),
      host,
    );
    const frameLoss = await lostFrames(traces.flatMap(crossingsOf), host, active);
    return compared.map(({ trace, drifts: own, hops, broken }, index): Explanation => {
      const { steps, verdict, socket } = trace;
      const [crossing] = crossingsOf(trace);
      const cautions = cautionsOf(steps, { active, isOpen: !verdict.reaches && own.length > 0 });
      if (!verdict.reaches) return { hops, verdict, cautions };
      const lost = broken < 0 ? (losses[index] ?? (crossing && frameLoss(crossing))) : brokenAt(broken, own);
      if (lost !== undefined) return { hops, verdict: { reaches: false, ...lost }, cautions };
      const found = [socket && silenceAt(socket, host), crossing && narrowWay(crossing, host)];
      return { hops, verdict, cautions: [...found.filter((one) => one !== undefined), ...cautions] };
    });
  }

  /** What chains of others do to each packet or to its answer. */
  private async lossesOf(
    ways: readonly (readonly Step[])[],
    host: Routing & PacketFilters,
  ): Promise<readonly (Lost | undefined)[]> {
    const sent = ways.map((steps) => steps.flatMap(({ forwarded }) => forwarded ?? []));
    if (sent.every(({ length }) => length === 0)) return [];
    const drops = await host.forwardDropsOfEach(sent.map((packets) => [...packets, ...packets.map(answerTo)]));
    if (drops.every(({ length }) => length === 0)) return [];
    const ofNetworks = await dropsOfNetworks(this.store, host);
    return drops.map(([drop], index) =>
      drop === undefined ? undefined : this.lossBy(drop, sent[index] ?? [], ofNetworks),
    );
  }

  private lossBy(drop: ForwardDrop, sent: readonly ForwardedPacket[], ofNetworks: readonly ForwardDrop[]): Lost {
    const what = drop.packets.some((packet) => sent.includes(packet)) ? "it" : "the answer";
    const ways = new Set(drop.packets.map(wayOf));
    const any = ofNetworks.filter(({ chain }) => isSameChain(chain, drop.chain));
    // Where a bridge was adopted, the remedy is another one.
    const known = any.find(({ packets }) => packets.some((packet) => ways.has(wayOf(packet)))) ?? any[0];
    const why = `${drop.words} drops ${what}`;
    if (known === undefined) return { why, ...inWords("A rule there means packets like this one; see its owner.") };
    const command = remedyCommand(this.store, known);
    const remedies = command === undefined ? {} : { remedies: [{ what: "Let tsd accept it there", command }] };
    return { why, ...inWords(remedyFor(this.store, known)), ...remedies };
  }
}

/** One at most. */
export function crossingsOf({ steps }: Trace): readonly Crossing[] {
  return steps.flatMap(({ crossing }) => crossing ?? []);
}

type Lost = Pick<Verdict, "why" | "hint" | "remedies">;

interface Seen {
  readonly drifts: readonly Drift[];
  readonly backend: Pick<NatBackend, "ruleFor"> | undefined;
  readonly host: Host;
}

function hopsOf(steps: readonly Step[], { drifts, backend, host }: Seen): readonly Hop[] {
  return steps.map((step, index): Hop => {
    const by = step.effect === undefined ? undefined : backend?.ruleFor?.(step.effect);
    const earlier = steps.slice(0, index).flatMap(inspectedAt);
    const found = driftsAt(step, drifts).filter(({ resource }) => !earlier.includes(resource));
    const amiss = misrouteOf(step, host);
    return {
      ...{ place: step.place, what: step.what },
      ...(step.netns === undefined ? {} : { netns: step.netns }),
      ...(by === undefined ? {} : { by }),
      ...(found.length === 0 ? {} : { drifts: found }),
      ...(amiss === undefined ? {} : { amiss }),
    };
  });
}

/** The first hop that the kernel has not as it is told; -1 where it has all. */
function brokenHop(steps: readonly Step[], hops: readonly Hop[], drifts: readonly Drift[]): number {
  return steps.findIndex(
    ({ needs }, index) => hops[index]?.amiss !== undefined || drifts.some(({ resource }) => needs?.includes(resource)),
  );
}

function brokenAt(hop: number, drifts: readonly Drift[]): Lost {
  const why = `hop ${hop + 1} is not in the kernel as tsd made it`;
  return drifts.length > 0
    ? { why, ...oneOf({ what: "Repair it", command: ["reload"] }) }
    : { why, ...inWords("See what is in the way: tsd doctor") };
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

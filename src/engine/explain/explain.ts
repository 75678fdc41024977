import type { Drift, Explanation, Hop, Resource } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Host } from "../host.js";
import type { NatSelection } from "../nat-selection.js";
import type { Parts } from "../parts.js";
import type { Caller } from "./journey.js";
import { Landscape } from "./landscape.js";
import { familyOf, type Step, type Trace } from "./packet.js";
import { parseTarget } from "./parse-target.js";
import { trace } from "./trace.js";
import { type Absent, Who } from "./who.js";

type ExplainParts = Pick<Parts, "store" | "drivers" | "host" | "reconciler">;

/** Tells the way of a packet: by the rows what it should be, by the kernel whether it is so. */
export class Explain {
  constructor(
    private readonly parts: ExplainParts,
    private readonly nat: Pick<NatSelection, "known" | "backend">,
  ) {}

  /** See {@link System.explain}. */
  async explain(from: string, to: string): Promise<Explanation> {
    const target = parseTarget(to);
    const host = await this.parts.host();
    const land = this.survey(host);
    const who = new Who(this.parts, land);
    const caller = who.caller(from);
    if (isAbsent(caller)) return untravelled(caller);
    const destination = who.address(target.who, caller);
    if (typeof destination !== "string") return untravelled(destination);
    refuseMixture(caller, from, destination);
    const { protocol, port } = target;
    const traced = trace(land, caller, { protocol, destination, ...(port === undefined ? {} : { port }) });
    return this.compare(traced, host);
  }

  /** All rows but those that are on their way out, read at one moment. */
  private survey(machine: Host): Landscape {
    const { store } = this.parts;
    const isThere = ({ state }: { readonly state: string }): boolean => state !== "deleting";
    return store.transaction(
      () =>
        new Landscape({
          networks: store.networks.list().filter(isThere),
          endpoints: store.endpoints.list().filter(isThere),
          containers: store.containers.list().filter(isThere),
          machine,
        }),
    );
  }

  /** What the kernel has of it. */
  private async compare({ steps, verdict }: Trace, host: Host): Promise<Explanation> {
    const active = this.nat.known()?.active;
    const backend = active === undefined ? undefined : await this.nat.backend(active);
    const drifts = await this.parts.reconciler.inspect(inspectable(steps));
    const compared = steps.map((step) => {
      const found = driftsOf(step, drifts);
      const amiss = strayOf(step, host);
      const by = step.deed === undefined ? undefined : backend?.locate?.(step.deed);
      const hop: Hop = {
        place: step.place,
        what: step.what,
        ...(by === undefined ? {} : { by }),
        ...(found.length === 0 ? {} : { drifts: found }),
        ...(amiss === undefined ? {} : { amiss }),
      };
      const isBroken = amiss !== undefined || found.some(({ resource }) => step.needs?.includes(resource));
      return { hop, isBroken };
    });
    const hops = compared.map(({ hop }) => hop);
    const broken = compared.findIndex(({ isBroken }) => isBroken);
    const cautions = await this.cautions(steps, { active, host, isOpen: !verdict.reaches && drifts.length > 0 });
    if (!verdict.reaches || broken < 0) return { hops, verdict, cautions };
    const why = `hop ${broken + 1} is not in the kernel as tsd made it`;
    return { hops, verdict: { reaches: false, why, hint: "Repair it: tsd reload" }, cautions };
  }

  private async cautions(
    steps: readonly Step[],
    { active, host, isOpen }: { readonly active: string | undefined; readonly host: Host; readonly isOpen: boolean },
  ): Promise<readonly string[]> {
    const drops = steps.some(({ place }) => place === "forward") ? await host.foreignDrops() : [];
    return [
      ...drops.map((chain) => `${chain} is not tsd's, and drops what it does not know`),
      ...(active === "none" && steps.some(({ deed }) => deed !== undefined)
        ? ["the NAT backend is none: what is said of translations and drops holds as far as somebody else sees to it"]
        : []),
      ...(isOpen
        ? ["the kernel differs from what tsd made, so that it may be decided otherwise until tsd reload"]
        : []),
    ];
  }
}

function inspectable(steps: readonly Step[]): readonly Resource[] {
  return [
    ...new Set(steps.flatMap(({ needs = [], deed }) => [...needs, ...(deed === undefined ? [] : [deed.intent])])),
  ];
}

function driftsOf({ needs = [], deed }: Step, drifts: readonly Drift[]): readonly Drift[] {
  return drifts.filter(({ resource }) => needs.includes(resource) || resource === deed?.intent);
}

/** In words, where the kernel sends the packet by another link. */
function strayOf({ way }: Step, host: Host): string | undefined {
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

function isAbsent(caller: Caller | Absent): caller is Absent {
  return "why" in caller;
}

function untravelled({ why, hint }: Absent): Explanation {
  return { hops: [], verdict: { reaches: false, why, hint }, cautions: [] };
}

function refuseMixture(caller: Caller, from: string, to: string): void {
  if (caller.kind !== "outside" || caller.address === undefined || familyOf(caller.address) === familyOf(to)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CALLER_FAMILY",
    message: `${from} cannot call ${to}, an address of the other family`,
    hint: "Name two addresses of one family, or outside in place of the first.",
    details: { from, to },
  });
}

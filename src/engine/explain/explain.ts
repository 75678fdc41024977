import { familyOf } from "../../api/address-family.js";
import type { Explanation } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { Comparison } from "./comparison.js";
import { asPlaced } from "./handed-over.js";
import type { Caller } from "./journey.js";
import { Landscape, type Machine } from "./landscape.js";
import { parseTarget } from "./parse-target.js";
import { trace } from "./trace.js";
import { type Absent, Who } from "./who.js";

type ExplainParts = Pick<Parts, "store" | "drivers" | "host" | "applier">;

/** Follows a packet: the rows say which path it should take, the kernel whether it does. */
export class Explain {
  private readonly comparison: Comparison;

  constructor(
    private readonly parts: ExplainParts,
    nat: ConstructorParameters<typeof Comparison>[1],
  ) {
    this.comparison = new Comparison(parts.applier, nat, parts.store);
  }

  /** See {@link System.explain}. */
  async explain(from: string, to: string): Promise<Explanation> {
    const target = parseTarget(to);
    const host = await this.parts.host();
    const land = this.survey(host);
    const who = new Who(this.parts, land, host);
    const caller = who.caller(from);
    if (isAbsent(caller)) return untravelled(caller);
    const called = who.address(target.who, caller);
    if (isAbsent(called)) return untravelled(called);
    const { address: destination, named } = called;
    refuseMixture(caller, from, destination);
    const { protocol, port } = target;
    const traced = trace(land, caller, { protocol, destination, ...(port === undefined ? {} : { port }) });
    const explanation = await this.comparison.compare(traced, host);
    return named === undefined ? explanation : { ...explanation, named };
  }

  /** All rows but those that are on their way out. */
  private survey(machine: Machine): Landscape {
    const { store } = this.parts;
    const isThere = ({ state }: { readonly state: string }): boolean => state !== "deleting";
    const networks = store.networks.list().filter(isThere);
    const placed = (row: EndpointRow): EndpointRow => {
      const network = networks.find(({ id }) => id === row.endpoint.networkId)?.network;
      return network === undefined ? row : asPlaced(row, network, machine);
    };
    return new Landscape({
      networks,
      endpoints: store.endpoints.list().filter(isThere).map(placed),
      containers: store.containers.list().filter(isThere),
      machine,
    });
  }
}

function isAbsent(found: object): found is Absent {
  return "why" in found;
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

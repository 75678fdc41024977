import type { Availability, Drift, NatBackend, NatIntent, PacketEffect, Skeleton, Sweeper } from "../../api/index.js";
import { intentKinds } from "../../api/intent.js";
import { TsdError } from "../../errors/tsd-error.js";
import { isKept, markOwners } from "../owner-mark.js";
import type { StaleFlows } from "../stale-flows.js";
import { dataText, type Element, familiesOf, isRange } from "./element.js";
import { tableFamilies, tableFamily } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { elementsOf } from "./intent-elements.js";
import type { KernelTables } from "./kernel-tables.js";
import { missingFeature } from "./missing-feature.js";
import type { NftProgram } from "./nft-program.js";
import { elementTaken, unsettledTable } from "./nftables-errors.js";
import { NftablesSkeleton } from "./nftables-skeleton.js";
import { elementSweeper } from "./orphan-elements.js";
import type { PlannedTable } from "./planned-table.js";
import { ruleFor } from "./rule-for.js";
import { skeletonScript } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";

const MAX_ATTEMPTS = 8;
/** A name for the table that is checked and never made. */
const PROBE_TABLE = "tsd_probe";

export interface NftablesParts {
  readonly transport: ElementTransport;
  readonly nft: Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable" | "listRules">;
  readonly tables: Pick<KernelTables, "has" | "present" | "expected" | "drop">;
  readonly flows: Pick<StaleFlows, "forgetTranslated" | "forgetUntranslated" | "forgetAllowed">;
  /** See {@link markOwners}. */
  readonly mark: string;
}

/**
 * NAT by nftables tables whose rules never change: intents only add and delete elements of their sets and maps. A table is
 * made when the first element needs it. `masquerade` and `publish` expect their bridge to be under `isolate`, which
 * distinguishes neighbours behind it from the rest of the world.
 */
export class NftablesBackend implements NatBackend {
  readonly name = "nftables";
  readonly kinds = intentKinds;
  readonly sweeper: Sweeper<NatIntent>;
  readonly skeleton: Skeleton;
  private readonly ground: NftablesSkeleton;
  private planned: PlannedTable | undefined;

  constructor(private readonly parts: NftablesParts) {
    const { transport, mark } = parts;
    this.ground = new NftablesSkeleton(parts);
    this.skeleton = {
      inspect: () => this.ground.inspect(),
      repair: () => this.ground.repair(),
      describeRepair: () => this.plan((backend) => backend.ground.repair()),
    };
    this.sweeper = elementSweeper({
      mark,
      list: () => transport.list(),
      free: (elements) => this.removeElements(elements),
    });
  }

  async ensure(intents: readonly NatIntent[]): Promise<void> {
    if (await this.ensureElements(this.elementsOf(intents))) this.parts.flows.forgetUntranslated(intents);
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    await this.removeElements(this.elementsOf(intents));
    this.parts.flows.forgetTranslated(intents);
    this.parts.flows.forgetAllowed(intents);
  }

  async inspect(intents: readonly NatIntent[]): Promise<readonly Drift[]> {
    const stored = new StoredElements(await this.parts.transport.find(this.elementsOf(intents)));
    return intents.flatMap((intent) => driftOf(intent, this.elementsOf([intent]), stored) ?? []);
  }

  describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    return this.plan((backend) => backend[verb](intents));
  }

  describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]> {
    return this.plan((backend) => backend.purge(owners));
  }

  ruleFor(effect: PacketEffect): string | undefined {
    return ruleFor(effect);
  }

  async probe(): Promise<Availability> {
    try {
      const version = await this.parts.nft.version();
      await this.parts.nft.checkScript(skeletonScript("inet", PROBE_TABLE));
      return { usable: true, version };
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      const lack = TsdError.is(error, "runtime") ? await missingFeature(this.parts.nft) : undefined;
      const reason = error.message;
      const hint = error.hint ?? "Use a kernel with nf_tables, nft_nat and nft_fib.";
      return { usable: false, ...(lack ?? { reason, hint }) };
    }
  }

  async purge(owners: ReadonlySet<string> = new Set()): Promise<void> {
    const { transport, tables, mark } = this.parts;
    const isOthers = (owner: string): boolean => isKept(owner, mark, owners);
    for (const family of tableFamilies) {
      if (await tables.drop(family, isOthers)) continue;
      const own = (await transport.list()).filter(({ set, owner }) => tableFamily(set) === family && !isOthers(owner));
      await this.removeElements(own);
      // The others may have gone at the same time, and have left the table to this installation.
      await tables.drop(family, isOthers);
    }
  }

  private elementsOf(intents: readonly NatIntent[]): readonly Element[] {
    return elementsOf(markOwners(intents, this.parts.mark));
  }

  /** Lets a backend do it that changes nothing, and returns what it would have sent. */
  private async plan(work: (backend: NftablesBackend) => Promise<void>): Promise<readonly string[]> {
    this.planned ??= new (await import("./planned-table.js")).PlannedTable(this.parts);
    const { planned } = this;
    const parts = { transport: planned, nft: planned, tables: planned, flows: planned.flows, mark: this.parts.mark };
    await work(new NftablesBackend(parts));
    return planned.takeSent();
  }

  /** Returns whether anything was missing. */
  private async ensureElements(elements: readonly Element[]): Promise<boolean> {
    let missing = elements.some(({ key }) => key.some(isRange)) ? await this.missingOf(elements) : elements;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (missing.length === 0) return false;
      const outcome = await this.create(missing);
      if (outcome === "done") return true;
      if (outcome === "absent") await this.ground.prepare(familiesOf(missing));
      else missing = await this.missingOf(elements);
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  /** A set that another program has declared otherwise accepts no element of tsd's: such a table counts as absent. */
  private async create(elements: readonly Element[]): Promise<Outcome> {
    try {
      return await this.parts.transport.create(elements);
    } catch (error) {
      if ((await this.ground.inspect()).length === 0) throw error;
      return "absent";
    }
  }

  private async removeElements(elements: readonly Element[]): Promise<void> {
    const { transport, tables } = this.parts;
    let left = elements;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (left.length === 0 || (await transport.delete(left)) === "done") return;
      left = left.filter(({ set }) => tables.has(tableFamily(set)));
      await this.ground.prepare(familiesOf(left));
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  /**
   * Throws `conflict` naming the owner of what stands in the way. An element of tsd's that another program changed is
   * replaced.
   */
  private async missingOf(elements: readonly Element[]): Promise<readonly Element[]> {
    const { transport } = this.parts;
    const stored = new StoredElements(await transport.find(elements));
    const missing = elements.filter((element) => !stored.has(element));
    const altered = stored.ownedLike(missing);
    for (const element of missing) {
      const obstacle = stored.obstacle(element);
      if (obstacle !== undefined && !altered.includes(obstacle)) throw elementTaken(element, obstacle);
    }
    if (altered.length > 0) await transport.delete(altered);
    return missing;
  }
}

function driftOf(resource: NatIntent, elements: readonly Element[], stored: StoredElements): Drift | undefined {
  const wanted = elements.filter((element) => !stored.has(element));
  if (wanted.length === 0) return undefined;
  const found = wanted.map((element) => stored.get(element)).find((element) => element !== undefined);
  if (found === undefined) return { resource, problem: "missing" };
  const data = dataText(found);
  return {
    resource,
    problem: "different",
    found: `owner ${found.owner || "unknown"}${data === "" ? "" : `, to ${data}`}`,
  };
}

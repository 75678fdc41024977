import type { Availability, Drift, NatBackend, NatDeed, NatIntent, Sweeper } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { StaleFlows } from "../stale-flows.js";
import { dataText, type Element, familiesOf, isRange } from "./element.js";
import { type TableFamily, tableFamily } from "./element-sets.js";
import type { ElementTransport } from "./element-transport.js";
import { elementsOf } from "./intent-elements.js";
import { locateDeed } from "./locate.js";
import { missingFeature } from "./missing-feature.js";
import type { NftProgram } from "./nft-program.js";
import { elementTaken, incapableKernel, newerSchema, unsettledTable } from "./nftables-errors.js";
import type { PlannedTable } from "./planned-table.js";
import { purgeScript, schemaOfChain, schemas, skeletonScript, upgradeScript } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";
import { elementSweeper } from "./stray-elements.js";

const MAX_ATTEMPTS = 8;
/** A name for the table that is checked and never made. */
const PROBE_TABLE = "tsd_probe";

/**
 * NAT by nftables tables whose rules never change: intents only add and delete elements of their sets and maps. A table
 * is made when the first element needs it. `masquerade` and `publish` expect their bridge to be under `isolate`,
 * which is what tells neighbours behind it from the rest of the world.
 */
export class NftablesBackend implements NatBackend {
  readonly name = "nftables";
  readonly kinds = ["masquerade", "isolate", "publish", "allow", "guard"] as const;
  readonly sweeper: Sweeper<NatIntent>;
  private planned: PlannedTable | undefined;

  constructor(
    private readonly transport: ElementTransport,
    private readonly nft: Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable">,
    private readonly flows: Pick<StaleFlows, "forgetTranslated" | "forgetUntranslated" | "forgetAllowed">,
  ) {
    this.sweeper = elementSweeper({
      list: () => transport.list(),
      free: (elements) => this.removeElements(elements),
    });
  }

  async ensure(intents: readonly NatIntent[]): Promise<void> {
    if (await this.ensureElements(elementsOf(intents))) this.flows.forgetUntranslated(intents);
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    await this.removeElements(elementsOf(intents));
    this.flows.forgetTranslated(intents);
    this.flows.forgetAllowed(intents);
  }

  async inspect(intents: readonly NatIntent[]): Promise<readonly Drift[]> {
    const stored = new StoredElements(await this.transport.find(elementsOf(intents)));
    return intents.flatMap((intent) => driftOf(intent, stored) ?? []);
  }

  describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    return this.plan((backend) => backend[verb](intents));
  }

  describePurge(): Promise<readonly string[]> {
    return this.plan((backend) => backend.purge());
  }

  locate(deed: NatDeed): string | undefined {
    return locateDeed(deed);
  }

  async probe(): Promise<Availability> {
    try {
      const version = await this.nft.version();
      await this.nft.checkScript(skeletonScript("inet", PROBE_TABLE));
      return { usable: true, version };
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      const lack = TsdError.is(error, "runtime") ? await missingFeature(this.nft) : undefined;
      const reason = error.message;
      const hint = error.hint ?? "Use a kernel with nf_tables, nft_nat and nft_fib.";
      return { usable: false, ...(lack ?? { reason, hint }) };
    }
  }

  async purge(): Promise<void> {
    await this.nft.runScript(purgeScript("inet"));
    if (await this.hasTable("bridge")) await this.nft.runScript(purgeScript("bridge"));
  }

  /** Has a backend do it that changes nothing, and answers what it would have sent. */
  private async plan(work: (backend: NftablesBackend) => Promise<void>): Promise<readonly string[]> {
    this.planned ??= new (await import("./planned-table.js")).PlannedTable(this.transport, this.nft);
    await work(new NftablesBackend(this.planned, this.planned, this.planned.flows));
    return this.planned.takeSent();
  }

  /** Only the nft program makes tables, so where there is none, there are none. */
  private async hasTable(family: TableFamily): Promise<boolean> {
    try {
      return (await this.nft.listTable(family, { elements: false })) !== undefined;
    } catch (error) {
      if (TsdError.is(error) && error.code === "TSD_PROGRAM_MISSING") return false;
      throw error;
    }
  }

  /** Answers whether anything was missing. */
  private async ensureElements(elements: readonly Element[]): Promise<boolean> {
    let missing = elements.some(({ key }) => key.some(isRange)) ? await this.missingOf(elements) : elements;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (missing.length === 0) return false;
      const outcome = await this.transport.create(missing);
      if (outcome === "done") return true;
      if (outcome === "absent") await this.prepareTables(familiesOf(missing));
      else missing = await this.missingOf(elements);
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  private async removeElements(elements: readonly Element[]): Promise<void> {
    let left = elements;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (left.length === 0 || (await this.transport.delete(left)) === "done") return;
      const present: TableFamily[] = [];
      for (const family of familiesOf(left)) if (await this.hasTable(family)) present.push(family);
      left = left.filter(({ set }) => present.includes(tableFamily(set)));
      await this.prepareTables(present);
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  /** Throws `conflict` naming the owner of what stands in the way. */
  private async missingOf(elements: readonly Element[]): Promise<readonly Element[]> {
    const stored = new StoredElements(await this.transport.find(elements));
    for (const element of elements) {
      const obstacle = stored.obstacle(element);
      if (obstacle !== undefined) throw elementTaken(element, obstacle);
    }
    return elements.filter((element) => !stored.has(element));
  }

  private async prepareTables(families: readonly TableFamily[]): Promise<void> {
    for (const family of families) await this.prepareTable(family);
  }

  /** Makes the table, or brings an older one up to date. That another process was faster is as good as done. */
  private async prepareTable(family: TableFamily): Promise<void> {
    const table = await this.nft.listTable(family, { elements: false });
    const schema = Math.max(0, ...(table?.chains ?? []).map((chain) => schemaOfChain(chain) ?? 0));
    if (schema > schemas[family]) throw newerSchema(family, schema);
    if (schema === schemas[family]) return;
    const script = table === undefined ? skeletonScript(family) : upgradeScript(family, table);
    const outcome = await this.nft.runScript(script);
    // A table made from nothing refers to nothing of its own that could be missing.
    if (table === undefined && outcome === "absent") throw incapableKernel(family);
  }
}

function driftOf(resource: NatIntent, stored: StoredElements): Drift | undefined {
  const wanted = elementsOf([resource]).filter((element) => !stored.has(element));
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

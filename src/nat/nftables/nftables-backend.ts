import type { Availability, Drift, NatBackend, NatIntent } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { StaleFlows } from "../stale-flows.js";
import { dataText, type Element, isRange } from "./element.js";
import type { ElementTransport } from "./element-transport.js";
import { elementsOf } from "./intent-elements.js";
import type { NftProgram } from "./nft-program.js";
import { elementTaken, incapableKernel, newerSchema, unsettledTable } from "./nftables-errors.js";
import type { PlannedTable } from "./planned-table.js";
import { PURGE_SCRIPT, SCHEMA, schemaOfChain, skeletonScript, upgradeScript } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";

const MAX_ATTEMPTS = 8;
/** A name for the table that is checked and never made. */
const PROBE_TABLE = "tsd_probe";

/**
 * NAT by one nftables table whose rules never change: intents only add and delete elements of its sets and maps. The
 * table is made when the first element needs it. `masquerade` and `publish` expect their bridge to be under `isolate`,
 * which is what tells neighbours behind it from the rest of the world.
 */
export class NftablesBackend implements NatBackend {
  readonly name = "nftables";
  readonly kinds = ["masquerade", "isolate", "publish", "allow"] as const;
  private planned: PlannedTable | undefined;

  constructor(
    private readonly transport: ElementTransport,
    private readonly nft: Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable">,
    private readonly flows: Pick<StaleFlows, "forgetTranslated" | "forgetUntranslated" | "forgetAllowed">,
  ) {}

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

  async probe(): Promise<Availability> {
    try {
      const version = await this.nft.version();
      await this.nft.checkScript(skeletonScript(PROBE_TABLE));
      return { usable: true, version };
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      return {
        usable: false,
        reason: error.message,
        hint: error.hint ?? "Use a kernel with nf_tables, nft_nat and nft_fib.",
      };
    }
  }

  async purge(): Promise<void> {
    await this.nft.runScript(PURGE_SCRIPT);
  }

  /** Has a backend do it that changes nothing, and answers what it would have sent. */
  private async plan(work: (backend: NftablesBackend) => Promise<void>): Promise<readonly string[]> {
    this.planned ??= new (await import("./planned-table.js")).PlannedTable(this.transport, this.nft);
    await work(new NftablesBackend(this.planned, this.planned, this.planned.flows));
    return this.planned.takeSent();
  }

  /** Only the nft program makes the table, so where there is none, there is none. */
  private async hasTable(): Promise<boolean> {
    try {
      return (await this.nft.listTable({ elements: false })) !== undefined;
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
      if (outcome === "absent") await this.prepareTable();
      else missing = await this.missingOf(elements);
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  private async removeElements(elements: readonly Element[]): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (elements.length === 0 || (await this.transport.delete(elements)) === "done") return;
      if (!(await this.hasTable())) return;
      await this.prepareTable();
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

  /** Makes the table, or brings an older one up to date. That another process was faster is as good as done. */
  private async prepareTable(): Promise<void> {
    const table = await this.nft.listTable({ elements: false });
    const schema = Math.max(0, ...(table?.chains ?? []).map((chain) => schemaOfChain(chain) ?? 0));
    if (schema > SCHEMA) throw newerSchema(schema);
    if (schema === SCHEMA) return;
    const outcome = await this.nft.runScript(table === undefined ? skeletonScript() : upgradeScript(table));
    // A table made from nothing refers to nothing of its own that could be missing.
    if (table === undefined && outcome === "absent") throw incapableKernel();
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

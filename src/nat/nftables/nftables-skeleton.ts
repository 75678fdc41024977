import type { Damage, Skeleton } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type TableFamily, tableFamilies } from "./element-sets.js";
import type { KernelTables } from "./kernel-tables.js";
import type { NftProgram } from "./nft-program.js";
import { incapableKernel, newerSchema, unsettledTable } from "./nftables-errors.js";
import { closingScript, rewriteScript, wakingScript } from "./rewrite-script.js";
import { schemaChain, schemaOfChain, schemas, skeletonScript, TABLE } from "./skeleton.js";
import { damageOf, isMisdeclared } from "./table-damage.js";
import type { TableForm } from "./table-form.js";

const MAX_ATTEMPTS = 8;

interface SkeletonParts {
  readonly tables: Pick<KernelTables, "has" | "present" | "expected">;
  readonly nft: Pick<NftProgram, "runScript" | "listRules">;
}

/** The chains, rules and sets of tsd's tables: made when the first element needs them, and kept as they must be. */
export class NftablesSkeleton implements Omit<Skeleton, "describeRepair"> {
  constructor(private readonly parts: SkeletonParts) {}

  async inspect(): Promise<readonly Damage[]> {
    const damages: Damage[] = [];
    for (const family of tableFamilies) damages.push(...(await this.inspectTable(family)));
    return damages;
  }

  /** A table that a newer tsd made is left as it is. */
  async repair(): Promise<void> {
    for (const family of tableFamilies) await this.repairTable(family);
  }

  /**
   * Makes the tables that an element found missing, or not as it needs them: an older one, or a damaged one. That another
   * process was faster is as good as done.
   */
  async prepare(families: readonly TableFamily[]): Promise<void> {
    for (const family of families) {
      const present = this.parts.tables.present(family);
      if (present === undefined) await this.make(family);
      else {
        refuseNewer(family, present);
        if (!this.isSound(family, present)) await this.rewrite(family, present);
      }
    }
  }

  private isSound(family: TableFamily, present: TableForm): boolean {
    if (!present.chains.has(schemaChain(family))) return false;
    return damageOf(family, { present, expected: this.parts.tables.expected(family) }, String).length === 0;
  }

  private async make(family: TableFamily): Promise<void> {
    // A table made from nothing refers to nothing of its own that could be missing.
    if ((await this.parts.nft.runScript(skeletonScript(family))) === "absent") throw incapableKernel(family);
  }

  private async repairTable(family: TableFamily): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (this.settledDamage(family).length === 0) return;
      const present = this.parts.tables.present(family);
      if (present === undefined || newerSchemaOf(family, present) !== undefined) return;
      await this.rewrite(family, present);
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  /**
   * Elements of a set that is made again are read while nobody else can write any: without its schema's chain the table
   * refuses every writer, which then comes here too. The first one does it for both.
   */
  private async rewrite(family: TableFamily, found: TableForm): Promise<void> {
    const { tables, nft } = this.parts;
    const expected = tables.expected(family);
    let present: TableForm | undefined = found;
    if ([...found.sets].some(([name, set]) => expected.sets.has(name) && isMisdeclared(set, expected.sets.get(name)))) {
      if (found.chains.has(schemaChain(family))) await nft.runScript(closingScript(family));
      present = tables.present(family);
    }
    if (present === undefined) return;
    await nft.runScript(rewriteScript(family, present, expected));
    if (present.isDormant) await nft.runScript(wakingScript(family));
  }

  private async inspectTable(family: TableFamily): Promise<readonly Damage[]> {
    if (this.settledDamage(family).length === 0) return [];
    const texts = await this.parts.nft.listRules(family).catch(unlisted);
    return this.lookAt(family, (handle) => texts.get(handle) ?? `handle ${handle}`);
  }

  /** What two looks in a row agree on: others may change the table during one. */
  private settledDamage(family: TableFamily): readonly Damage[] {
    let before = "";
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const damages = this.lookAt(family, String);
      const seen = JSON.stringify(damages);
      if (damages.length === 0 || seen === before) return damages;
      before = seen;
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  /** `textOf` says a rule in words, by its handle. */
  private lookAt(family: TableFamily, textOf: (handle: bigint) => string): readonly Damage[] {
    const { tables } = this.parts;
    const present = tables.present(family);
    if (present === undefined) return [];
    const schema = schemaOf(family, present);
    if (schema === schemas[family]) return damageOf(family, { present, expected: tables.expected(family) }, textOf);
    const by = schema > schemas[family] ? "a newer tsd" : "an older tsd";
    return [{ where: `table ${family} ${TABLE}`, what: `of schema ${schema}, which ${by} made` }];
  }
}

/** The table went away meanwhile. */
function unlisted(error: unknown): ReadonlyMap<bigint, string> {
  if (TsdError.is(error, "runtime")) return new Map();
  throw error;
}

function refuseNewer(family: TableFamily, present: TableForm): void {
  const schema = newerSchemaOf(family, present);
  if (schema !== undefined) throw newerSchema(family, schema);
}

function newerSchemaOf(family: TableFamily, present: TableForm): number | undefined {
  const schema = schemaOf(family, present);
  return schema > schemas[family] ? schema : undefined;
}

/** A table has one schema; where this tsd's is there, what else looks like one is not tsd's. */
function schemaOf(family: TableFamily, { chains }: TableForm): number {
  const found = [...chains.keys()].flatMap((chain) => schemaOfChain(chain) ?? []);
  return found.length === 0 || found.includes(schemas[family]) ? schemas[family] : Math.max(...found);
}

import { withInput } from "../../kernel/shell-words.js";
import { PlannedFlows } from "../planned-flows.js";
import { type Element, elementId, familiesOf } from "./element.js";
import { type TableFamily, tableFamilies, tableFamily } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import type { KernelTables } from "./kernel-tables.js";
import { creation, deletion, type NftDocument } from "./nft-json.js";
import type { TableListing } from "./nft-listing.js";
import type { NftProgram } from "./nft-program.js";
import { closingScript } from "./rewrite-script.js";
import { purgeScript, schemaChain, skeletonScript } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";
import type { TableForm } from "./table-form.js";

type Program = Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable" | "listRules">;
type Tables = Pick<KernelTables, "has" | "present" | "expected" | "drop">;

/**
 * The tables as they would be after changes that are only planned: what is read comes from the kernel, what is written is
 * kept here and in words for a shell. In place of transport and program it makes a backend report what it would send.
 */
export class PlannedTable implements ElementTransport, Program, Tables {
  readonly name = "planned";
  private readonly written = new Map<string, Element>();
  private readonly deleted = new Set<string>();
  /** What a script has made of a table, undefined for none; of a family that is not here the kernel's own stands. */
  private readonly remade = new Map<TableFamily, TableListing | undefined>();
  /** Families whose table was closed to writers, see {@link closingScript}. */
  private readonly closed = new Set<TableFamily>();
  /** Families whose elements in the kernel are gone. */
  private readonly emptied = new Set<TableFamily>();
  /** The flows that the changes would end, reported likewise. */
  readonly flows = new PlannedFlows((words) => this.sent.push(words));
  private sent: string[] = [];

  constructor(
    private readonly real: {
      readonly transport: Pick<ElementTransport, "find" | "list">;
      readonly nft: Program;
      readonly tables: Tables;
    },
  ) {}

  /** What was written since the last call. */
  takeSent(): readonly string[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  async create(elements: readonly Element[]): Promise<Outcome> {
    if (!(await this.hasSchemas(elements))) return "absent";
    const stored = new StoredElements(await this.find(elements));
    if (elements.some((element) => stored.get(element) !== undefined)) return "taken";
    this.send(creation(elements));
    for (const element of elements) this.written.set(elementId(element), element);
    return "done";
  }

  async delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">> {
    if (!(await this.hasSchemas(elements))) return "absent";
    const doomed = new StoredElements(await this.find(elements)).ownedLike(elements);
    if (doomed.length === 0) return "done";
    this.send(deletion(doomed));
    for (const element of doomed) {
      this.written.delete(elementId(element));
      this.deleted.add(elementId(element));
    }
    return "done";
  }

  async find(elements: readonly Element[]): Promise<readonly Element[]> {
    return new StoredElements(this.after(await this.real.transport.find(elements))).touchedBy(elements);
  }

  async list(): Promise<readonly Element[]> {
    return this.after(await this.real.transport.list());
  }

  /** All scripts but those that close a table or wake it leave it as it must be. */
  async runScript(script: string): Promise<Outcome> {
    this.sent.push(withInput("nft -f -", script));
    const made = tableFamilies.find((family) => script.includes(skeletonScript(family).split("\n")[1] ?? ""));
    for (const family of tableFamilies) if (script === closingScript(family)) this.closed.add(family);
    if (made !== undefined) this.remade.set(made, { chains: [schemaChain(made)], sets: [], elements: [] });
    return "done";
  }

  has(family: TableFamily): boolean {
    return this.remade.has(family) ? this.remade.get(family) !== undefined : this.real.tables.has(family);
  }

  present(family: TableFamily): TableForm | undefined {
    if (!this.remade.has(family)) {
      const form = this.real.tables.present(family);
      return form && this.closed.has(family) ? without(form, schemaChain(family)) : form;
    }
    return this.remade.get(family) === undefined ? undefined : this.expected(family);
  }

  expected(family: TableFamily): TableForm {
    return this.real.tables.expected(family);
  }

  async drop(family: TableFamily, isKept: (owner: string) => boolean): Promise<boolean> {
    if (!this.has(family)) return true;
    const elements = (await this.list()).filter(({ set }) => tableFamily(set) === family);
    if (elements.some(({ owner }) => isKept(owner))) return false;
    this.sent.push(withInput("nft -f -", purgeScript(family)));
    this.remade.set(family, undefined);
    this.emptied.add(family);
    for (const [id, { set }] of this.written) if (tableFamily(set) === family) this.written.delete(id);
    return true;
  }

  listRules(family: TableFamily): Promise<ReadonlyMap<bigint, string>> {
    return this.real.nft.listRules(family);
  }

  async listTable(family: TableFamily, options: { readonly elements: boolean }): Promise<TableListing | undefined> {
    return this.remade.has(family) ? this.remade.get(family) : this.real.nft.listTable(family, options);
  }

  version(): Promise<string> {
    return this.real.nft.version();
  }

  checkScript(script: string): Promise<void> {
    return this.real.nft.checkScript(script);
  }

  /** Elements of the kernel's tables, as the changes leave them. */
  private after(elements: readonly Element[]): readonly Element[] {
    const left = elements.filter(
      (element) => !this.emptied.has(tableFamily(element.set)) && !this.deleted.has(elementId(element)),
    );
    return [...left, ...this.written.values()];
  }

  private async hasSchemas(elements: readonly Element[]): Promise<boolean> {
    for (const family of familiesOf(elements)) {
      const table = await this.listTable(family, { elements: false });
      if (table?.chains.includes(schemaChain(family)) !== true) return false;
    }
    return true;
  }

  private send(document: NftDocument): void {
    this.sent.push(withInput("nft -j -f -", `${JSON.stringify(document)}\n`));
  }
}

function without(form: TableForm, chain: string): TableForm {
  return { ...form, chains: new Map([...form.chains].filter(([name]) => name !== chain)) };
}

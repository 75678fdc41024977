import { withInput } from "../../kernel/shell-words.js";
import { PlannedFlows } from "../planned-flows.js";
import { type Element, elementId, familiesOf } from "./element.js";
import { type TableFamily, tableFamilies, tableFamily } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { creation, deletion, type NftDocument } from "./nft-json.js";
import type { TableListing } from "./nft-listing.js";
import type { NftProgram } from "./nft-program.js";
import { purgeScript, schemaChain } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";

type Program = Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable">;

/**
 * The tables as they would be after changes that nobody makes: what is read comes from the kernel, what is written is kept
 * here and in words for a shell. In place of transport and program it makes a backend tell what it would send.
 */
export class PlannedTable implements ElementTransport, Program {
  readonly name = "planned";
  private readonly written = new Map<string, Element>();
  private readonly deleted = new Set<string>();
  /** What a script has made of a table, undefined for none; of a family that is not here the kernel's own stands. */
  private readonly remade = new Map<TableFamily, TableListing | undefined>();
  /** Families whose elements in the kernel are gone. */
  private readonly emptied = new Set<TableFamily>();
  /** The flows that the changes would end, told likewise. */
  readonly flows = new PlannedFlows((words) => this.sent.push(words));
  private sent: string[] = [];

  constructor(
    private readonly kernel: Pick<ElementTransport, "find" | "list">,
    private readonly nft: Program,
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
    return new StoredElements(this.after(await this.kernel.find(elements))).touchedBy(elements);
  }

  async list(): Promise<readonly Element[]> {
    return this.after(await this.kernel.list());
  }

  async runScript(script: string): Promise<Outcome> {
    this.sent.push(withInput("nft -f -", script));
    const purged = tableFamilies.find((family) => script === purgeScript(family));
    if (purged === undefined) {
      const made = tableFamilies.find((family) => script.includes(`table ${family} `)) ?? "inet";
      this.remade.set(made, { chains: [schemaChain(made)], sets: [], elements: [] });
      return "done";
    }
    this.remade.set(purged, undefined);
    this.emptied.add(purged);
    for (const [id, { set }] of this.written) if (tableFamily(set) === purged) this.written.delete(id);
    return "done";
  }

  async listTable(family: TableFamily, options: { readonly elements: boolean }): Promise<TableListing | undefined> {
    return this.remade.has(family) ? this.remade.get(family) : this.nft.listTable(family, options);
  }

  version(): Promise<string> {
    return this.nft.version();
  }

  checkScript(script: string): Promise<void> {
    return this.nft.checkScript(script);
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

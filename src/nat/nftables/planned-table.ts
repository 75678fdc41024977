import { withInput } from "../../kernel/shell-words.js";
import { PlannedFlows } from "../planned-flows.js";
import { type Element, elementId } from "./element.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { creation, deletion, type NftDocument } from "./nft-json.js";
import type { TableListing } from "./nft-listing.js";
import type { NftProgram } from "./nft-program.js";
import { PURGE_SCRIPT, SCHEMA_CHAIN } from "./skeleton.js";
import { StoredElements } from "./stored-elements.js";

type Program = Pick<NftProgram, "version" | "checkScript" | "runScript" | "listTable">;

/**
 * The table as it would be after changes that nobody makes: what is read comes from the kernel, what is written is kept
 * here and in words for a shell. In place of transport and program it makes a backend tell what it would send.
 */
export class PlannedTable implements ElementTransport, Program {
  readonly name = "planned";
  private readonly written = new Map<string, Element>();
  private readonly deleted = new Set<string>();
  /** What a script has made of the table; the kernel's own while undefined. */
  private remade: { readonly table: TableListing | undefined } | undefined;
  private isEmptied = false;
  /** The flows that the changes would end, told likewise. */
  readonly flows = new PlannedFlows((words) => this.sent.push(words));
  private sent: string[] = [];

  constructor(
    private readonly kernel: Pick<ElementTransport, "find">,
    private readonly nft: Program,
  ) {}

  /** What was written since the last call. */
  takeSent(): readonly string[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  async create(elements: readonly Element[]): Promise<Outcome> {
    if (!(await this.hasSchema())) return "absent";
    const stored = new StoredElements(await this.find(elements));
    if (elements.some((element) => stored.get(element) !== undefined)) return "taken";
    this.send(creation(elements));
    for (const element of elements) this.written.set(elementId(element), element);
    return "done";
  }

  async delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">> {
    if (!(await this.hasSchema())) return "absent";
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
    const found = this.isEmptied ? [] : await this.kernel.find(elements);
    const left = found.filter((element) => !this.deleted.has(elementId(element)));
    return new StoredElements([...left, ...this.written.values()]).touchedBy(elements);
  }

  async runScript(script: string): Promise<Outcome> {
    this.sent.push(withInput("nft -f -", script));
    if (script === PURGE_SCRIPT) {
      this.remade = { table: undefined };
      this.isEmptied = true;
      this.written.clear();
    } else {
      this.remade = { table: { chains: [SCHEMA_CHAIN], sets: [], elements: [] } };
    }
    return "done";
  }

  async listTable(options: { readonly elements: boolean }): Promise<TableListing | undefined> {
    return this.remade === undefined ? this.nft.listTable(options) : this.remade.table;
  }

  version(): Promise<string> {
    return this.nft.version();
  }

  checkScript(script: string): Promise<void> {
    return this.nft.checkScript(script);
  }

  private async hasSchema(): Promise<boolean> {
    return (await this.listTable({ elements: false }))?.chains.includes(SCHEMA_CHAIN) === true;
  }

  private send(document: NftDocument): void {
    this.sent.push(withInput("nft -j -f -", `${JSON.stringify(document)}\n`));
  }
}

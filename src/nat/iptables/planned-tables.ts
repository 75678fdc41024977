import type { Family } from "../../api/address-family.js";
import { withInput } from "../../kernel/shell-words.js";
import { PlannedFlows } from "../planned-flows.js";
import type { IptablesProgram } from "./iptables-program.js";
import type { Table } from "./rule.js";
import { parseRule } from "./rule-line.js";
import { SavedTable, type SavedTables } from "./saved-tables.js";

type Program = Pick<IptablesProgram, "version" | "test" | "save" | "restore" | "fileOf">;

/**
 * The tables as they would be after changes that are only planned: what is read comes from the kernel, what is written is
 * kept here and in words for a shell. In place of the program it makes a backend report what it would send.
 */
export class PlannedTables implements Program {
  private readonly changed = new Map<Family, SavedTables>();
  /** The flows that the changes would end, reported likewise. */
  readonly flows = new PlannedFlows((words) => this.sent.push(words));
  private sent: string[] = [];

  constructor(private readonly iptables: Program) {}

  /** What was written since the last call. */
  takeSent(): readonly string[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  async save(family: Family, tables: readonly Table[] = []): Promise<SavedTables> {
    return this.changed.get(family) ?? this.iptables.save(family, tables);
  }

  async restore(family: Family, text: string): Promise<void> {
    this.sent.push(withInput(`${this.fileOf(family, "restore")} --noflush -w`, text));
    this.changed.set(family, restored(await this.save(family), text));
  }

  version(): Promise<string> {
    return this.iptables.version();
  }

  test(family: Family, text: string): Promise<void> {
    return this.iptables.test(family, text);
  }

  fileOf(family: Family, verb: "save" | "restore"): string {
    return this.iptables.fileOf(family, verb);
  }
}

/** What iptables-restore(8) with `--noflush` makes of the tables. */
function restored(saved: SavedTables, text: string): SavedTables {
  const sections = text.split(/^\*/m).slice(1);
  const tables = sections.map((section) => {
    const [name = "", ...lines] = section.split("\n");
    return [name, restoredTable(saved.get(name) ?? new SavedTable(), lines)] as const;
  });
  return new Map([...saved, ...tables]);
}

function restoredTable(table: SavedTable, lines: readonly string[]): SavedTable {
  const chains = new Set(table.chains);
  let { rules, elsewhere } = table;
  for (const line of lines) {
    const added = line.replace(/^-./, "-A");
    const [verb, chain = ""] = line.startsWith(":") ? [":", /^:(\S+)/.exec(line)?.[1]] : line.split(" ");
    if (verb === "-N" || verb === ":") chains.add(chain);
    if (verb === "-X") chains.delete(chain);
    if (verb === "-F" || verb === ":") rules = rules.filter((rule) => rule.chain !== chain);
    if (verb === "-A") rules = [...rules, ...[parseRule(line) ?? []].flat()];
    if (verb === "-I") elsewhere = [added, ...elsewhere];
    if (verb === "-D") {
      rules = without(rules, (rule) => rule.line === added);
      elsewhere = without(elsewhere, (other) => other === added);
    }
  }
  return new SavedTable(chains, rules, elsewhere);
}

/** All but the first that is meant. */
function without<T>(items: readonly T[], isMeant: (item: T) => boolean): readonly T[] {
  const at = items.findIndex(isMeant);
  return items.filter((_item, index) => index !== at);
}

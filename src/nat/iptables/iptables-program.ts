import type { Family } from "../../api/address-family.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type ExecOptions, exec } from "../../kernel/programs/exec.js";
import { notPermitted } from "./iptables-errors.js";
import type { Table } from "./rule.js";
import { parseSavedTables, type SavedTables } from "./saved-tables.js";

/**
 * iptables and ip6tables; the only reader of their words. Throws `unsupported` where they are missing, `permission`
 * without root.
 */
export class IptablesProgram {
  /** Which of the two programs named iptables; absent leaves it to the machine (`update-alternatives --display iptables`). */
  constructor(private readonly variant?: "nft" | "legacy") {}

  /** `1.8.9 (nf_tables)`. */
  async version(): Promise<string> {
    const { stdout } = await this.run(4, "restore", ["--version"], { reads: true });
    return /v(\d.*)/.exec(stdout)?.[1] ?? stdout.trim();
  }

  /** tsd's part of `tables`, or of all that there are. */
  async save(family: Family, tables: readonly Table[] = []): Promise<SavedTables> {
    // Several at once come no slower than one, but all must be asked for.
    const args = tables.length === 1 ? ["-t", tables[0] ?? ""] : [];
    const { stdout } = await this.run(family, "save", args, { reads: true });
    return parseSavedTables(stdout);
  }

  /** Changes what `text` says and nothing else, each table in one transaction; waits for other users of iptables. */
  async restore(family: Family, text: string): Promise<void> {
    await this.run(family, "restore", ["--noflush", "-w"], { input: text });
  }

  /** Reads `text` as {@link restore} would, and changes nothing. */
  async test(family: Family, text: string): Promise<void> {
    await this.run(family, "restore", ["--noflush", "-w", "--test"], { input: text, reads: true });
  }

  /** `ip6tables-nft-restore`. */
  fileOf(family: Family, verb: "save" | "restore"): string {
    const base = family === 4 ? "iptables" : "ip6tables";
    return this.variant === undefined ? `${base}-${verb}` : `${base}-${this.variant}-${verb}`;
  }

  private async run(family: Family, verb: "save" | "restore", args: readonly string[], options: ExecOptions) {
    try {
      return await exec(this.fileOf(family, verb), args, { env: { LC_ALL: "C" }, ...options });
    } catch (error) {
      throw isForbidden(error) ? notPermitted(error) : error;
    }
  }
}

function isForbidden(error: unknown): boolean {
  if (!TsdError.is(error, "runtime")) return false;
  return /you must be root|Operation not permitted/.test(String(error.details.stderr));
}

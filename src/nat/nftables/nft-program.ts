import { TsdError } from "../../errors/tsd-error.js";
import { type ExecOptions, exec } from "../../kernel/programs/exec.js";
import type { TableFamily } from "./element-sets.js";
import type { Outcome } from "./element-transport.js";
import type { NftDocument } from "./nft-json.js";
import { parseListing, type TableListing } from "./nft-listing.js";
import { TABLE } from "./skeleton.js";

/** The nft program; the only reader of its words. Throws `unsupported` where it is missing, `permission` without root. */
export class NftProgram {
  /** `1.0.6`. */
  async version(): Promise<string> {
    const { stdout } = await this.ask(["--version"]);
    return /v(\d[\w.]*)/.exec(stdout)?.[1] ?? stdout.trim();
  }

  /** Runs nft(8) text as one transaction. */
  async runScript(script: string): Promise<Outcome> {
    return this.attempt(["-f", "-"], script);
  }

  /** Asks the kernel whether it would accept a script, and changes nothing. */
  async checkScript(script: string): Promise<void> {
    await this.ask(["-c", "-f", "-"], script);
  }

  /** Runs a document as one transaction. */
  async runDocument(document: NftDocument): Promise<Outcome> {
    return this.attempt(["-j", "-f", "-"], JSON.stringify(document));
  }

  /** tsd's own table of a family and nothing else; undefined where there is none. */
  async listTable(family: TableFamily, options: { readonly elements: boolean }): Promise<TableListing | undefined> {
    const terse = options.elements ? [] : ["-t"];
    try {
      const { stdout } = await this.ask(["-j", ...terse, "list", "table", family, TABLE]);
      return parseListing(stdout);
    } catch (error) {
      if (outcomeOf(error) === "absent") return undefined;
      throw error;
    }
  }

  /** The rules of tsd's own table of a family, in nft's words, by their handles. */
  async listRules(family: TableFamily): Promise<ReadonlyMap<bigint, string>> {
    const { stdout } = await this.ask(["-a", "-s", "-t", "list", "table", family, TABLE]);
    const rules = stdout.matchAll(/^\t\t(.*) # handle (\d+)$/gm);
    return new Map(Array.from(rules, ([, text = "", handle = ""]) => [BigInt(handle), text]));
  }

  private async attempt(args: readonly string[], input: string): Promise<Outcome> {
    try {
      await this.run(args, { input });
      return "done";
    } catch (error) {
      return outcomeOf(error);
    }
  }

  private ask(args: readonly string[], input?: string): Promise<{ readonly stdout: string }> {
    return this.run(args, { reads: true, ...(input === undefined ? {} : { input }) });
  }

  private async run(args: readonly string[], options: ExecOptions): Promise<{ readonly stdout: string }> {
    try {
      return await exec("nft", args, { env: { LC_ALL: "C" }, ...options });
    } catch (error) {
      throw saidBy(error).includes("Operation not permitted") ? notPermitted(error) : error;
    }
  }
}

/**
 * strerror(3) of ENOENT, EEXIST and EOPNOTSUPP, which is for a family of tables that the kernel does not have. A batch may
 * fail for several reasons; a missing table explains all others.
 */
function outcomeOf(error: unknown): Exclude<Outcome, "done"> {
  const said = saidBy(error);
  if (/No such file or directory|Operation not supported/.test(said)) return "absent";
  if (said.includes("File exists")) return "taken";
  throw error;
}

function saidBy(error: unknown): string {
  if (!TsdError.is(error, "runtime")) return "";
  const { stderr } = error.details;
  return typeof stderr === "string" ? stderr : "";
}

function notPermitted(cause: unknown): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_NFTABLES_FORBIDDEN",
    message: "the kernel lets only root change nftables",
    hint: "Run tsd as root.",
    cause,
  });
}

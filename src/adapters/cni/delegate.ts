import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import type { Call } from "./call.js";
import type { Config } from "./config.js";
import { invalidConfig } from "./errors.js";
import { Fields, isObject, type JsonObject } from "./fields.js";
import { type Result, readResult } from "./result.js";
import { shown } from "./shown.js";

/** Runs a program to its end with that text as standard input, and returns its standard output; rejects as `exec` does. */
export type RunProgram = (file: string, input: string, env: Readonly<Record<string, string>>) => Promise<string>;

/**
 * The plug-in that manages addresses for this one: it gets the same environment and the same standard input (SPEC.md,
 * "Plugin delegation").
 */
export class Delegate {
  constructor(
    private readonly type: string,
    private readonly run: RunProgram,
    private readonly request: { readonly call: Call; readonly config: Config },
  ) {}

  /** Leases addresses. */
  async add(): Promise<Result> {
    const said = await this.call("ADD");
    const json = decode(said);
    if (json === undefined) throw this.failure("ADD", `it printed ${shown(said)}, which is no result`);
    const { ips, ...rest } = this.read(json);
    if (ips.length === 0) throw this.failure("ADD", "it gave no address");
    return { ips, ...rest };
  }

  /** Passes on any other command. */
  async forward(command: "DEL" | "CHECK" | "GC" | "STATUS"): Promise<void> {
    await this.call(command);
  }

  /** Gives back what `add` leased, after a failure that matters more than one here. */
  async forget(): Promise<void> {
    await this.call("DEL").catch(() => undefined);
  }

  private async call(command: string): Promise<string> {
    try {
      return await this.run(this.program(), this.request.config.text, { CNI_COMMAND: command });
    } catch (error) {
      if (!TsdError.is(error, "runtime")) throw error;
      const said = decode(String(error.details.stdout ?? ""));
      const { code, msg } = said ?? {};
      if (typeof msg !== "string") throw this.failure(command, error.message, {}, error);
      throw this.failure(command, msg, typeof code === "number" ? { cniCode: code } : {}, error);
    }
  }

  /** Only a file of one of the directories: the name comes from a configuration. */
  private program(): string {
    if (/[/\0]/.test(this.type) || this.type === "." || this.type === "..")
      throw invalidConfig(`ipam.type ${shown(this.type)} is not the name of a plug-in`, "Name a file in CNI_PATH.");
    const found = this.request.call.path.map((directory) => join(directory, this.type)).find(isProgram);
    if (found !== undefined) return found;
    throw invalidConfig(
      `the plug-in ${shown(this.type)} for addresses is in none of the directories ${shown(this.request.call.path.join(":"))}`,
      "Install it there, or leave ipam out: tsd then manages the addresses itself.",
    );
  }

  private read(json: JsonObject): Result {
    try {
      return readResult(new Fields(json));
    } catch (error) {
      throw this.failure("ADD", (error as Error).message, {}, error);
    }
  }

  private failure(command: string, what: string, details: JsonObject = {}, cause?: unknown): TsdError {
    return new TsdError({
      kind: "plugin",
      code: "TSD_CNI_DELEGATE",
      message: `${command} of the plug-in "${this.type}" for addresses failed: ${what}`,
      hint: "Correct what it complains of, or leave ipam out: tsd then manages the addresses itself.",
      details,
      cause,
    });
  }
}

function decode(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

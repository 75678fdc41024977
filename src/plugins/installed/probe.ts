import { writeSync } from "node:fs";
import { printableJson } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type Brought, broughtBy } from "../brought.js";
import { checkExtension } from "../check-extension.js";
import { PluginCalls } from "../guards/plugin-calls.js";
import { extensionOf } from "./extension-of.js";
import { loadModule, type PluginModule } from "./load-module.js";
import { saidBy } from "./said-by.js";

/** What a plug-in proved to be when it was loaded. */
export interface Probed {
  readonly name: string;
  readonly apiVersion: number;
  readonly brought: Brought;
}

/** How the probe reports to the process that started it. */
export type ProbeReport =
  | { readonly probed: Probed }
  | { readonly refused: { readonly code: string; readonly message: string; readonly hint?: string } };

/** Loads a module and prints a line of JSON about it, behind a word that what the module prints does not have. */
export function probe([word = "", name = "", entry = ""]: readonly string[]): void {
  writeSync(1, `\n${word}${printableJson(reportOn({ name, entry }))}\n`);
  // What it has started at its loading must not keep this process.
  process.exit(0);
}

function reportOn(module: PluginModule): ProbeReport {
  const calls = new PluginCalls(module.name, () => undefined);
  const load = { verb: "load" };
  try {
    const value = calls.enclose(load, () => loadModule(module, extensionOf));
    const extension = calls.call(load, () => value, checkExtension);
    const { name, apiVersion } = extension;
    return { probed: { name, apiVersion, brought: broughtBy(extension) } };
  } catch (error) {
    if (!TsdError.is(error)) return { refused: { code: "TSD_PLUGIN_LOAD_FAILED", message: saidBy(error) } };
    const { code, message, hint } = error;
    return { refused: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
}

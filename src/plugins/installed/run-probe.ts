import { randomBytes } from "node:crypto";
import { TsdError } from "../../errors/tsd-error.js";
import { ownProgram } from "../../installation.js";
import { exec } from "../../kernel/programs/exec.js";
import { endOf, withMemoryFile } from "../../kernel/programs/memory-file.js";
import type { PluginModule } from "./load-module.js";
import { pluginError } from "./plugin-error.js";
import type { Probed, ProbeReport } from "./probe.js";

/** Milliseconds; longer than the bound that the probe itself sets, which names the plug-in. */
const PATIENCE = 30_000;
/** Bytes; of what is printed, the report is the last. */
const LONGEST_REPORT = 1024 ** 2;

/**
 * Loads a plug-in in a process of its own, where it can end or block nothing but itself, and returns what it is. Processes
 * that it leaves behind are not waited for. Throws `plugin`.
 */
export async function runProbe({ name, entry }: PluginModule): Promise<Probed> {
  const word = randomBytes(16).toString("hex");
  const argv = [...ownProgram("probe"), word, name, entry];
  let output: string;
  try {
    output = await withMemoryFile("", async (file) => {
      await exec("setpriv", ["--pdeathsig", "KILL", ...argv], { timeout: PATIENCE, output: file });
      return endOf(file, LONGEST_REPORT);
    });
  } catch (cause) {
    if (!TsdError.is(cause, "runtime")) throw cause;
    throw ended(
      name,
      cause.details.exitCode === undefined ? "by a signal" : `with exit code ${cause.details.exitCode}`,
    );
  }
  const line = output.split("\n").find((one) => one.startsWith(word));
  if (line === undefined) throw ended(name, "with exit code 0");
  const report = JSON.parse(line.slice(word.length)) as ProbeReport;
  if ("probed" in report) return report.probed;
  throw new TsdError({ kind: "plugin", ...report.refused, details: { plugin: name } });
}

function ended(name: string, how: string): TsdError {
  return pluginError(name, {
    code: "TSD_PLUGIN_ENDED_PROCESS",
    message: `plug-in "${name}" cannot be loaded: it ended the process ${how}`,
    hint: "Report this to the author of the plug-in.",
  });
}

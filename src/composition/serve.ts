import { writeSync } from "node:fs";
import { encode, type Report } from "../service/messages.js";
import { type ServiceOptions, ServiceProcess } from "../service/service-process.js";
import { readSettings } from "./read-settings.js";
import type { Settings } from "./tokens.js";

const STDOUT = 1;

type ServedOptions = Omit<ServiceOptions, "report" | "exit">;

/**
 * Is a service of the installation that the environment names, until nothing needs it. Reports on standard output what has come of
 * it.
 */
export async function serve(
  optionsOf: (settings: Omit<Settings, "version">) => ServedOptions | Promise<ServedOptions>,
): Promise<void> {
  const report = (line: Report): void => {
    try {
      writeSync(STDOUT, encode(line));
    } catch {
      // The command that started it may be dead. Others use it, or it ends by itself.
    }
  };
  try {
    await ServiceProcess.start({ ...(await optionsOf(readSettings({}))), report, exit: () => process.exit() });
  } catch (error) {
    report({ state: "failed", message: String((error as { readonly message?: unknown }).message ?? error) });
    process.exit(1);
  }
}

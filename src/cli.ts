import { runCli } from "./cli/run-cli.js";
import { commands } from "./commands/registry.js";

/** The command line of this process. */
export function main(): Promise<void> {
  return runCli(process.argv.slice(2), commands);
}

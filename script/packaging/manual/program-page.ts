import type { Registry } from "../../../src/cli/registry-entry.js";
import { pageName } from "./command-page.ts";
import { bold, heading, section, tagged, text } from "./roff.ts";

/** The page of tsd itself: its commands, and the variables that README's table lists. */
export function programPage(commands: Registry, readme: string, date: string): string {
  return [
    heading("tsd", date),
    section("NAME", ["tsd \\- networks for containers"]),
    section("SYNOPSIS", [`${bold("tsd")} COMMAND [ARGUMENTS]`]),
    section("DESCRIPTION", [
      text("tsd runs containers and gives them their network, without a daemon. It requires root."),
      ".PP",
      text(
        "Every command that changes something takes --dry-run, which prints what it would do. --debug prints each step, and how long it took. --json prints data for machines.",
      ),
    ]),
    section(
      "COMMANDS",
      Object.entries(commands).map(([id, { summary }]) => tagged(`${bold(pageName(id))}(1)`, `${summary}.`)),
    ),
    section("EXIT STATUS", [
      text(
        "tsd exits with 0 on success, 1 on failure and 2 for a wrong command line. run, exec and start -a exit with the container's code, or with 125 if tsd failed, 126 if the command cannot run, and 127 if it does not exist.",
      ),
    ]),
    section(
      "ENVIRONMENT",
      variablesOf(readme).map(({ name, meaning, usual }) => tagged(bold(name), `${meaning}. Default: ${usual}.`)),
    ),
  ].join("");
}

interface Variable {
  readonly name: string;
  readonly meaning: string;
  readonly usual: string;
}

/** The rows of README's table of variables. */
function variablesOf(readme: string): readonly Variable[] {
  const rows = readme.matchAll(/^\| `(TSD_[A-Z]+)` \| (.*) \| (.*) \|$/gm);
  return [...rows].map(([, name = "", meaning = "", usual = ""]) => ({
    name,
    meaning: meaning.replaceAll("`", ""),
    usual: usual.replaceAll("`", ""),
  }));
}

import { type Command, Help } from "@oclif/core";
import { CliConfig } from "./cli-config.js";
import type { CommandClass, RegistryEntry } from "./registry-entry.js";

/** The page of `tsd network create --help`, made by oclif from the command's flags, arguments and examples. */
export async function commandPage(id: string, entry: RegistryEntry): Promise<string> {
  const { default: command } = await entry.load();
  const page = new Page(new CliConfig());
  await page.showCommandHelp(describe(command, { id, entry }));
  return `${page.text.trimEnd()}\n`;
}

/** oclif's help, with what it says gathered instead of printed. */
class Page extends Help {
  text = "";

  constructor(config: CliConfig) {
    super(config, {
      hideCommandSummaryInDescription: true,
      flagSortOrder: "none",
    });
  }

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(" ")}\n`;
  }
}

function describe(
  command: CommandClass,
  { id, entry }: { readonly id: string; readonly entry: RegistryEntry },
): Command.Loadable {
  return {
    id,
    summary: command.summary ?? entry.summary,
    description: command.description,
    usage: command.usage,
    examples: command.examples,
    strict: command.strict,
    aliases: [...(entry.aliases ?? [])],
    args: named(command.args ?? {}),
    flags: named(command.flags ?? {}),
    hidden: false,
    hiddenAliases: [],
    load: () => Promise.reject(new Error("the help page loads no command")),
  };
}

/** oclif's own loader gives each flag and argument its key as its name. */
function named<T extends object>(byName: Readonly<Record<string, T>>): Record<string, T & { name: string }> {
  return Object.fromEntries(Object.entries(byName).map(([name, value]) => [name, { ...value, name }]));
}

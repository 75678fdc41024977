import type { Interfaces } from "@oclif/core";
import type { CommandClass, RegistryEntry } from "../../../src/cli/registry-entry.js";
import { bold, heading, italic, section, tagged, text, verbatim } from "./roff.ts";

/** `tsd-network-create` for `network create`. */
export function pageName(id: string): string {
  return `tsd ${id}`.replaceAll(" ", "-");
}

/** The page of one command, with what `--help` says of it. */
export function commandPage(id: string, entry: RegistryEntry, command: CommandClass, date: string): string {
  const flags = Object.entries(command.flags ?? {}).filter(([, { hidden }]) => !hidden);
  return [
    heading(pageName(id), date),
    section("NAME", [`${text(pageName(id))} \\- ${text(entry.summary)}`]),
    section("SYNOPSIS", [verbatim(synopsis(id, command))]),
    section("DESCRIPTION", command.description === undefined ? [] : [text(command.description)]),
    section(
      "ARGUMENTS",
      Object.entries(command.args ?? {}).map(([name, arg]) =>
        tagged(italic(name.toUpperCase()), arg.description ?? ""),
      ),
    ),
    section(
      "OPTIONS",
      flags.map(([name, flag]) => tagged(flagTag(name, flag), flagWords(flag))),
    ),
    section("ALIASES", (entry.aliases ?? []).length === 0 ? [] : [verbatim(aliasLines(entry))]),
    section("EXAMPLES", command.examples === undefined ? [] : [verbatim(exampleLines(command))]),
    section("SEE ALSO", [`${bold("tsd")}(1)`]),
  ].join("");
}

function synopsis(id: string, command: CommandClass): readonly string[] {
  const given = command.usage === undefined ? [] : [command.usage].flat();
  if (given.length > 0) return given.map((line) => `tsd ${line}`);
  const args = Object.entries(command.args ?? {}).map(([name, { required, multiple }]) => {
    const word = `${name.toUpperCase()}${multiple ? "..." : ""}`;
    return required ? word : `[${word}]`;
  });
  return [["tsd", id, "[FLAGS]", ...args].join(" ")];
}

function flagTag(name: string, flag: Interfaces.Flag<unknown>): string {
  const names = [...(flag.char === undefined ? [] : [`-${flag.char}`]), `--${name}`].map(bold).join(", ");
  if (flag.type !== "option") return names;
  return `${names}=${italic(flag.options?.join("|") ?? String(flag.helpValue ?? "VALUE"))}`;
}

function flagWords(flag: Interfaces.Flag<unknown>): string {
  const usual = flag.type === "option" && typeof flag.default === "string" ? ` Default: ${flag.default}.` : "";
  return `${flag.description ?? ""}${usual}`;
}

function aliasLines({ aliases = [] }: RegistryEntry): readonly string[] {
  return aliases.map((alias) => `tsd ${alias}`);
}

function exampleLines({ examples = [] }: CommandClass): readonly string[] {
  return examples.map((example) =>
    (typeof example === "string" ? example : example.command).replaceAll("<%= config.bin %>", "tsd"),
  );
}

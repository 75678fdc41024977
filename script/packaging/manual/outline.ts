import type { Interfaces } from "@oclif/core";
import type { CommandClass, RegistryEntry } from "../../../src/cli/registry-entry.js";

/** What `--help` says of a command, for pages in any form. */
export interface Outline {
  readonly id: string;
  readonly summary: string;
  readonly synopsis: readonly string[];
  readonly description: string | undefined;
  readonly args: readonly { readonly name: string; readonly words: string }[];
  readonly flags: readonly FlagOutline[];
  readonly aliases: readonly string[];
  readonly examples: readonly string[];
}

export interface FlagOutline {
  /** `-p`, `--publish`. */
  readonly names: readonly string[];
  /** Absent where it takes none. */
  readonly value?: string;
  readonly words: string;
}

export function outlineOf(id: string, entry: RegistryEntry, command: CommandClass): Outline {
  return {
    id,
    summary: entry.summary,
    synopsis: synopsis(id, command),
    description: command.description,
    args: Object.entries(command.args ?? {}).map(([name, { description = "" }]) => ({
      name: name.toUpperCase(),
      words: description,
    })),
    flags: Object.entries(command.flags ?? {})
      .filter(([, { hidden }]) => !hidden)
      .map(([name, flag]) => flagOutline(name, flag)),
    aliases: (entry.aliases ?? []).map((alias) => `tsd ${alias}`),
    examples: (command.examples ?? []).map((example) =>
      (typeof example === "string" ? example : example.command).replaceAll("<%= config.bin %>", "tsd"),
    ),
  };
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

function flagOutline(name: string, flag: Interfaces.Flag<unknown>): FlagOutline {
  const names = [...(flag.char === undefined ? [] : [`-${flag.char}`]), `--${name}`];
  if (flag.type !== "option") return { names, words: flag.description ?? "" };
  const usual = typeof flag.default === "string" ? ` Default: ${flag.default}.` : "";
  const value = flag.options?.join("|") ?? String(flag.helpValue ?? "VALUE");
  return { names, value, words: `${flag.description ?? ""}${usual}` };
}

import type { FlagOutline, Outline } from "./outline.ts";
import { bold, heading, italic, section, tagged, text, verbatim } from "./roff.ts";

/** `tsd-network-create` for `network create`. */
export function pageName(id: string): string {
  return `tsd ${id}`.replaceAll(" ", "-");
}

/** The page of one command, with what `--help` says of it. */
export function commandPage(command: Outline, date: string): string {
  const { id, summary, synopsis, description, args, flags, aliases, examples } = command;
  return [
    heading(pageName(id), date),
    section("NAME", [`${text(pageName(id))} \\- ${text(summary)}`]),
    section("SYNOPSIS", [verbatim(synopsis)]),
    section("DESCRIPTION", description === undefined ? [] : [text(description)]),
    section(
      "ARGUMENTS",
      args.map(({ name, words }) => tagged(italic(name), words)),
    ),
    section(
      "OPTIONS",
      flags.map((flag) => tagged(flagTag(flag), flag.words)),
    ),
    section("ALIASES", aliases.length === 0 ? [] : [verbatim(aliases)]),
    section("EXAMPLES", examples.length === 0 ? [] : [verbatim(examples)]),
    section("SEE ALSO", [`${bold("tsd")}(1)`]),
  ].join("");
}

function flagTag({ names, value }: FlagOutline): string {
  const tag = names.map(bold).join(", ");
  return value === undefined ? tag : `${tag}=${italic(value)}`;
}

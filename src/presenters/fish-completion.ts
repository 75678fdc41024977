import { type CompletionCommand, type CompletionKind, listNames, topicsOf, wordsAfter } from "./completion-model.js";

/** A completion script for fish. */
export function fishCompletion(commands: readonly CompletionCommand[]): string {
  const summaries = new Map(commands.map(({ id, summary }) => [id, summary]));
  const offer = (condition: string, word: string, id: string): string =>
    `complete -c tsd -f -n '${condition}' -a ${word} -d ${quote(summaries.get(id) ?? "")}`;
  return [
    "# tsd completion for fish. Load it with: tsd completion fish | source",
    "function __tsd_at",
    "    set -l words (commandline -opc)",
    "    set -l last (math (count $argv) + 1)",
    '    test (count $words) -ge $last; and test "$words[1..$last]" = "tsd $argv"',
    "end",
    "function __tsd_words",
    "    test (count (commandline -opc)) -eq $argv[1]",
    "end",
    "complete -c tsd -f",
    ...wordsAfter(undefined, commands).map((word) => offer("__tsd_words 1", word, word)),
    ...topicsOf(commands).flatMap((topic) =>
      wordsAfter(topic, commands).map((word) =>
        offer(`__tsd_at ${topic}; and __tsd_words 2`, word, `${topic} ${word}`),
      ),
    ),
    ...commands.flatMap(commandLines),
    "",
  ].join("\n");
}

function commandLines({ id, flags, kinds }: CompletionCommand): readonly string[] {
  const start = `complete -c tsd -n '__tsd_at ${id}'`;
  const lines = flags.map(({ name, aliases, char, summary, takesValue, kind: valueKind }) => {
    const value = takesValue ? ` -r${offerKind(valueKind)}` : "";
    const names = [name, ...aliases].map((one) => ` -l ${one}`).join("");
    return `${start}${names}${char === undefined ? "" : ` -s ${char}`}${value} -d ${quote(summary)}`;
  });
  return [...lines, ...new Set(kinds.filter((kind) => kind !== undefined).map((kind) => `${start}${offerKind(kind)}`))];
}

function offerKind(kind: CompletionKind | undefined): string {
  if (kind === undefined) return "";
  if (kind === "file") return " -F";
  return typeof kind === "string"
    ? ` -f -a ${quote(`(begin; ${listNames[kind]}; end 2>/dev/null)`)}`
    : ` -f -a ${quote(kind.join(" "))}`;
}

/** Within single quotes fish gives a meaning to the backslash and the quote alone. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

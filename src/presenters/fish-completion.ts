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

function commandLines({ id, flags, kind }: CompletionCommand): readonly string[] {
  const start = `complete -c tsd -n '__tsd_at ${id}'`;
  const lines = flags.map(({ name, char, summary, takesValue, kind: valueKind }) => {
    const value = takesValue ? ` -r${offerKind(valueKind)}` : "";
    return `${start} -l ${name}${char === undefined ? "" : ` -s ${char}`}${value} -d ${quote(summary)}`;
  });
  return kind === undefined ? lines : [...lines, `${start}${offerKind(kind)}`];
}

function offerKind(kind: CompletionKind | undefined): string {
  if (kind === undefined) return "";
  return kind === "file" ? " -F" : ` -f -a ${quote(`(${listNames[kind]} 2>/dev/null)`)}`;
}

/** Within single quotes fish gives a meaning to the backslash and the quote alone. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** What a shell can offer for a word: names of things, or paths. */
export type CompletionKind = "container" | "network" | "image" | "file";

export interface CompletionFlag {
  readonly name: string;
  readonly char?: string;
  readonly summary: string;
  readonly takesValue: boolean;
  readonly kind?: CompletionKind;
}

/** A command as its completion sees it. */
export interface CompletionCommand {
  /** The words a user types: `network create`. */
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly CompletionFlag[];
  /** What its arguments name. */
  readonly kind?: CompletionKind;
}

/** The command that lists the names of a kind, one a line. */
export const listNames: Readonly<Record<Exclude<CompletionKind, "file">, string>> = {
  container: "tsd ps --all --format '{{.Name}}'",
  network: "tsd network ls --format '{{.Name}}'",
  image: "tsd image ls --format '{{.Repository}}'",
};

/** First words of commands that have two: `network`. */
export function topicsOf(commands: readonly CompletionCommand[]): readonly string[] {
  return [...new Set(commands.map(({ id }) => id.split(" ")).flatMap(([topic = "", name]) => (name ? [topic] : [])))];
}

/** The words that may follow a topic, or with none `tsd` itself. */
export function wordsAfter(topic: string | undefined, commands: readonly CompletionCommand[]): readonly string[] {
  if (topic === undefined) return [...new Set(commands.map(({ id }) => id.split(" ", 1)[0] ?? ""))];
  return commands.filter(({ id }) => id.startsWith(`${topic} `)).map(({ id }) => id.slice(topic.length + 1));
}

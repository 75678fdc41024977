/** What a shell can offer for a word: names of things, paths, or one of some words, which may end in `=`. */
export type CompletionKind = keyof typeof listNames | "file" | readonly string[];

export interface CompletionFlag {
  readonly name: string;
  /** Other names for it: `net` for `network`. */
  readonly aliases: readonly string[];
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
  /** What its arguments name, in their order; undefined for what cannot be offered. The last may be repeated. */
  readonly kinds: readonly (CompletionKind | undefined)[];
}

const containers = "tsd ps --all --format '{{.Name}}'";
const networks = "tsd network ls --format '{{.Name}}'";
const images = "tsd image ls --format '{{if ne .Repository \"<none>\"}}{{.Repository}}:{{.Tag}}{{end}}'";
const volumes = "tsd volume ls --quiet";

/** The command that lists the names of a kind, one a line. */
export const listNames = {
  container: containers,
  network: networks,
  customNetwork: "tsd network ls --filter type=custom --format '{{.Name}}'",
  image: images,
  volume: volumes,
  plugin: "tsd plugin ls --quiet",
  /** Those of plug-ins too. */
  driver: "tsd system info | sed -n 's/^Network drivers: *//p' | tr -d , | tr ' ' '\\n'",
  /** The endpoints of a packet that `tsd explain` takes. */
  party: `${containers}; ${networks}; printf 'host\\noutside\\n'`,
  thing: `${containers}; ${networks}; ${images}; ${volumes}`,
} as const;

/** First words of commands that have two: `network`. */
export function topicsOf(commands: readonly CompletionCommand[]): readonly string[] {
  return [...new Set(commands.map(({ id }) => id.split(" ")).flatMap(([topic = "", name]) => (name ? [topic] : [])))];
}

/** The words that may follow a topic, or with none `tsd` itself. */
export function wordsAfter(topic: string | undefined, commands: readonly CompletionCommand[]): readonly string[] {
  if (topic === undefined) return [...new Set(commands.map(({ id }) => id.split(" ", 1)[0] ?? ""))];
  return commands.filter(({ id }) => id.startsWith(`${topic} `)).map(({ id }) => id.slice(topic.length + 1));
}

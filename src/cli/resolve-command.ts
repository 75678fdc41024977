import { nearestWord } from "../errors/nearest-word.js";
import { TsdError } from "../errors/tsd-error.js";
import { otherCommand } from "./other-commands.js";
import { otherFlag } from "./other-flags.js";
import type { Registry } from "./registry-entry.js";

/** What a command line asks for: to run a command, to explain one (or a topic, or with no words all), or the version. */
export type Request =
  | {
      readonly kind: "run";
      readonly id: string;
      readonly args: readonly string[];
    }
  | { readonly kind: "help"; readonly subject: string }
  | { readonly kind: "version" };

/** docker's short flags before a command, by their long names. */
const globalFlags: Readonly<Record<string, string>> = { "-H": "--host", "-c": "--context", "-l": "--log-level" };

/** Finds the command in the words after `tsd`. Throws `invalid-input` for one that does not exist, with what tsd has instead. */
export function resolveCommand(argv: readonly string[], registry: Registry): Request {
  const [first] = argv;
  if (first === undefined || first === "--help" || first === "-h") return { kind: "help", subject: "" };
  if (first === "--version" || first === "-v") return { kind: "version" };
  if (first === "help") return { kind: "help", subject: helpSubject(argv.slice(1), registry) };
  const found = findCommand(argv, registry);
  if (found !== undefined) return { kind: "run", ...found };
  if (isTopic(first, registry) && (argv[1] === undefined || argv[1] === "--help" || argv[1] === "-h")) {
    return { kind: "help", subject: first };
  }
  throw unknownCommand(argv, registry);
}

/** True if `word` has commands below it, as `network` has. */
function isTopic(word: string, registry: Registry): boolean {
  return Object.keys(registry).some((id) => id.startsWith(`${word} `));
}

function helpSubject(words: readonly string[], registry: Registry): string {
  const named = words.filter((word) => !word.startsWith("-"));
  const [first] = named;
  if (first === undefined) return "";
  const found = findCommand(named, registry);
  if (found !== undefined) return found.id;
  if (named.length === 1 && isTopic(first, registry)) return first;
  throw unknownCommand(named, registry);
}

/** The most words that are a command: `container port add`, else `container port`. */
function findCommand(
  argv: readonly string[],
  registry: Registry,
): { readonly id: string; readonly args: readonly string[] } | undefined {
  for (const length of [3, 2, 1]) {
    const words = argv.slice(0, length).join(" ");
    const id = Object.hasOwn(registry, words) ? words : aliasTarget(words, registry);
    if (id !== undefined) return { id, args: argv.slice(length) };
  }
  return undefined;
}

function aliasTarget(words: string, registry: Registry): string | undefined {
  return Object.entries(registry).find(([, entry]) => entry.aliases?.includes(words))?.[0];
}

function unknownCommand(argv: readonly string[], registry: Registry): TsdError {
  const [first = "", second] = argv;
  const typed = isTopic(first, registry) && second !== undefined ? `${first} ${second}` : first;
  if (first.startsWith("-")) {
    return new TsdError({
      kind: "invalid-input",
      code: "TSD_CLI_UNKNOWN_FLAG",
      message: `unknown flag ${first}: flags follow the command they belong to`,
      hint: otherFlag(globalFlags[first] ?? first) ?? "Run `tsd --help`.",
    });
  }
  const known = Object.entries(registry).flatMap(([id, { hidden, aliases }]) =>
    hidden ? [] : [id, ...(aliases ?? [])],
  );
  const other = otherCommand(argv);
  const nearest =
    other === undefined
      ? (nearestWord(second === undefined ? first : `${first} ${second}`, known) ?? nearestWord(first, known))
      : undefined;
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CLI_UNKNOWN_COMMAND",
    message: `unknown command: tsd ${typed}`,
    hint: other ?? (nearest === undefined ? "Run `tsd --help`." : `Did you mean \`tsd ${nearest}\`?`),
    details: { command: typed, ...(nearest === undefined ? {} : { nearest }) },
  });
}

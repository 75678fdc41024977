import { type ArrangedArguments, arrangeArguments, type FlagShape } from "../commands/argument-order.js";

/** What matters here of a command class; one that declares no flags has none. */
interface Shape {
  readonly strict: boolean;
  readonly flags?: Readonly<Record<string, FlagShape>>;
}

/** True if `--help`, or `-h` where it means nothing else, stands among a command's own flags. */
export function isHelpRequested(args: readonly string[], command: Shape): boolean {
  const { words } = ownArguments(args, command);
  const { flags = {} } = command;
  return words.includes("--help") || (words.includes("-h") && !Object.values(flags).some(({ char }) => char === "h"));
}

/** True if `--json` stands among a command's own flags, and no `--json=false` behind it. */
export function isJsonRequested(args: readonly string[], command: Shape): boolean {
  const { words, switches } = ownArguments(args, command);
  return words.includes("--json") && switches.get("json") !== false;
}

/** Takes the first `--debug` among a command's own flags out of its words. */
export function takeDebug(
  args: readonly string[],
  command: Shape,
): { readonly args: readonly string[]; readonly debug: boolean } {
  if (!ownArguments(args, command).words.includes("--debug")) return { args, debug: false };
  return { args: args.toSpliced(args.indexOf("--debug"), 1), debug: true };
}

/**
 * The words before `--`, and for a command that takes another command line (`strict = false`: `run IMAGE ls --help`)
 * before its first argument.
 */
function ownArguments(args: readonly string[], { strict, flags = {} }: Shape): ArrangedArguments {
  const { words, switches } = arrangeArguments(args, { flags, stopAtArgument: !strict });
  const end = words.indexOf("--");
  return { words: words.slice(0, end === -1 ? words.length : end), switches };
}

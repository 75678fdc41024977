import { arrangeArguments, type FlagShape } from "../commands/argument-order.js";

/** What matters here of a command class; one that declares no flags has none. */
interface Shape {
  readonly strict: boolean;
  readonly flags?: Readonly<Record<string, FlagShape>>;
}

/** True if `--help`, or `-h` where it means nothing else, stands among a command's own flags. */
export function isHelpRequested(args: readonly string[], command: Shape): boolean {
  const own = ownWords(args, command);
  const { flags = {} } = command;
  return own.includes("--help") || (own.includes("-h") && !Object.values(flags).some(({ char }) => char === "h"));
}

/** True if `--json` stands among a command's own flags. */
export function isJsonRequested(args: readonly string[], command: Shape): boolean {
  return ownWords(args, command).includes("--json");
}

/**
 * The words before `--`, and for a command that takes another command line (`strict = false`: `run IMAGE ls --help`)
 * before its first argument.
 */
function ownWords(args: readonly string[], { strict, flags = {} }: Shape): readonly string[] {
  const arranged = arrangeArguments(args, { flags, stopAtArgument: !strict });
  const end = arranged.indexOf("--");
  return arranged.slice(0, end === -1 ? arranged.length : end);
}

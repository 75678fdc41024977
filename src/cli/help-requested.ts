import { arrangeArguments, type FlagShape } from "../commands/argument-order.js";

/** What matters here of a command class; one that declares no flags has none. */
interface Shape {
  readonly strict: boolean;
  readonly flags?: Readonly<Record<string, FlagShape>>;
}

/**
 * True if `--help`, or `-h` where it means nothing else, stands among a command's own flags: before `--`, and for a
 * command that takes another command line (`strict = false`: `run IMAGE ls --help`) before its first argument.
 */
export function isHelpRequested(args: readonly string[], { strict, flags = {} }: Shape): boolean {
  const arranged = arrangeArguments(args, { flags, stopAtArgument: !strict });
  const end = arranged.indexOf("--");
  const own = arranged.slice(0, end === -1 ? arranged.length : end);
  return own.includes("--help") || (own.includes("-h") && !Object.values(flags).some(({ char }) => char === "h"));
}

import { stripVTControlCharacters } from "node:util";
import { nearestWord } from "../errors/nearest-word.js";
import { TsdError } from "../errors/tsd-error.js";
import { otherFlag } from "./other-flags.js";

/** The fields of oclif's errors that are read here; see `CLIError` and those that extend it in @oclif/core. */
interface OclifError {
  readonly message: string;
  readonly code?: unknown;
  readonly oclif: { readonly exit?: number | false };
  readonly args?: readonly { readonly name: string }[];
  /** Words that are no flags. */
  readonly flags?: readonly string[];
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, KnownFlag>> } };
}

interface KnownFlag {
  readonly aliases?: readonly string[];
}

/** True for every error that oclif itself throws: its parser's, and `this.exit`. */
export function isOclifError(error: unknown): error is OclifError {
  return error instanceof Object && "oclif" in error && "message" in error;
}

/** The exit code of `this.exit(code)`, which oclif carries out as a throw; undefined for every other error. */
export function requestedExit(error: unknown): number | undefined {
  if (!isOclifError(error) || error.code !== "EEXIT") return undefined;
  return error.oclif.exit === false ? 0 : error.oclif.exit;
}

/** Turns what oclif's parser says in several lines into one sentence of the house. */
export function toUsageError(error: OclifError, id: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CLI_USAGE",
    message: sentence(error),
    hint: betterFlag(error) ?? `Run \`tsd ${id} --help\`.`,
    cause: error,
  });
}

/** What the first word that is no flag of the command should have been. */
function betterFlag({ flags, parse }: OclifError): string | undefined {
  const [typed] = flags ?? [];
  const other = typed === undefined ? undefined : otherFlag(typed);
  if (other !== undefined) return other;
  const known = Object.entries(parse?.input?.flags ?? {}).flatMap(([name, { aliases = [] }]) =>
    [name, ...aliases].map((word) => `--${word}`),
  );
  const nearest = typed === undefined ? undefined : nearestWord(typed, known);
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
}

function sentence(error: OclifError): string {
  if (error.message.startsWith("Missing ") && error.args !== undefined) {
    const names = error.args.map((arg) => arg.name.toUpperCase());
    return `missing argument${names.length === 1 ? "" : "s"}: ${names.join(", ")}`;
  }
  const lines = stripVTControlCharacters(error.message)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(See more help with|The following errors? occurred)/.test(line));
  const [first = "", ...more] = lines;
  const flag = /^Parsing (--\S+)$/.exec(first)?.[1];
  return flag === undefined ? lowerFirst(lines.join("; ")) : `${flag}: ${lowerFirst(more.join("; "))}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

import { TsdError } from "../errors/tsd-error.js";

/** What must be known of a flag to find its value; oclif's flag definitions have these fields. */
export interface FlagShape {
  readonly type: "boolean" | "option";
  readonly char?: string;
  readonly aliases?: readonly string[];
  readonly charAliases?: readonly string[];
}

export interface ArgumentOrder {
  readonly flags: Readonly<Record<string, FlagShape>>;
  /** The first argument ends the command's own flags, as the image does in `run IMAGE ls -l`. */
  readonly stopAtArgument: boolean;
}

export interface ArrangedArguments {
  readonly words: readonly string[];
  /** What was last said of each boolean flag. */
  readonly switches: ReadonlyMap<string, boolean>;
}

/**
 * Rewrites a command line as docker reads it into one that oclif reads the same way: `--flag=true` and `-f=false`, which
 * oclif does not know, become the bare flag or nothing, and `--` goes before the first argument of a command that takes
 * another command line. Throws `invalid-input` for a boolean flag with another value.
 */
export function arrangeArguments(
  words: readonly string[],
  { flags, stopAtArgument }: ArgumentOrder,
): ArrangedArguments {
  const arranged: string[] = [];
  const switches = new Map<string, boolean>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const isArgument = !word.startsWith("-") || word === "-";
    if (word === "--") return { words: [...arranged, ...words.slice(index)], switches };
    if (isArgument && stopAtArgument) return { words: [...arranged, "--", ...words.slice(index)], switches };
    if (isArgument) {
      arranged.push(word);
      continue;
    }
    const { rest, said } = word.startsWith("--") ? readLong(word, flags) : readCluster(word, flags);
    arranged.push(...rest);
    for (const [name, on] of said) switches.set(name, on);
    if (takesNextWord(word, flags) && index + 1 < words.length) {
      index += 1;
      arranged.push(words[index] ?? "");
    }
  }
  return { words: arranged, switches };
}

/** What one word says of boolean flags, and what of it is left for oclif: itself, or nothing. */
interface Reading {
  readonly rest: readonly string[];
  readonly said: readonly (readonly [name: string, on: boolean])[];
}

function readLong(word: string, flags: ArgumentOrder["flags"]): Reading {
  const [typed = ""] = word.slice(2).split("=", 1);
  const name = findLong(typed, flags);
  if (name === undefined || flags[name]?.type !== "boolean") return { rest: [word], said: [] };
  const bare = `--${typed}`;
  const on = word === bare || parseBoolean(bare, word.slice(bare.length + 1));
  return { rest: on ? [bare] : [], said: [[name, on]] };
}

/** `-it`, `-p80:80`, `-dp 80:80`, `-it=false`: in docker the value after the equals sign is that of the last letter. */
function readCluster(word: string, flags: ArgumentOrder["flags"]): Reading {
  const said: [name: string, on: boolean][] = [];
  for (let index = 1; index < word.length; index += 1) {
    const letter = word.charAt(index);
    const name = findShort(letter, flags);
    if (name === undefined || flags[name]?.type !== "boolean") break;
    const hasValue = word.charAt(index + 1) === "=";
    const on = !hasValue || parseBoolean(`-${letter}`, word.slice(index + 2));
    said.push([name, on]);
    if (!hasValue) continue;
    const kept = word.slice(0, on ? index + 1 : index);
    return { rest: kept === "-" ? [] : [kept], said };
  }
  return { rest: [word], said };
}

/** The words that docker takes, which are those of Go's `strconv.ParseBool`. */
/** As docker reads a switch. Throws `invalid-input`. */
export function parseBoolean(flag: string, value: string): boolean {
  if (/^(1|t|T|true|True|TRUE)$/.test(value)) return true;
  if (/^(0|f|F|false|False|FALSE)$/.test(value)) return false;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `${flag} "${value}" is neither true nor false`,
    hint: `Write ${flag} or ${flag}=false.`,
    details: { flag, value },
  });
}

/** True for `--name` and `-n` of a flag with a value, and for a cluster such as `-dn` that ends in one. */
function takesNextWord(word: string, flags: ArgumentOrder["flags"]): boolean {
  if (word.includes("=")) return false;
  const takesValue = (name: string | undefined): boolean => name !== undefined && flags[name]?.type === "option";
  if (word.startsWith("--")) return takesValue(findLong(word.slice(2), flags));
  const letters = [...word.slice(1)];
  const valued = letters.findIndex((letter) => takesValue(findShort(letter, flags)));
  return valued !== -1 && valued === letters.length - 1;
}

function findLong(typed: string, flags: ArgumentOrder["flags"]): string | undefined {
  if (Object.hasOwn(flags, typed)) return typed;
  return Object.keys(flags).find((name) => flags[name]?.aliases?.includes(typed));
}

function findShort(letter: string, flags: ArgumentOrder["flags"]): string | undefined {
  return Object.keys(flags).find((name) => {
    const { char, charAliases } = flags[name] ?? {};
    return char === letter || charAliases?.includes(letter);
  });
}

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

/**
 * Rewrites a command line as docker reads it into one that oclif reads the same way: `--flag=true` and `--flag=false`,
 * which oclif does not know, become the bare flag or nothing, and `--` goes before the first argument of a command that
 * takes another command line.
 */
export function arrangeArguments(words: readonly string[], order: ArgumentOrder): readonly string[] {
  const arranged: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") return [...arranged, ...words.slice(index)];
    if (!word.startsWith("-") || word === "-") {
      if (order.stopAtArgument) return [...arranged, "--", ...words.slice(index)];
      arranged.push(word);
      continue;
    }
    arranged.push(...decided(word, order.flags));
    if (takesNextWord(word, order.flags) && index + 1 < words.length) {
      index += 1;
      arranged.push(words[index] ?? "");
    }
  }
  return arranged;
}

function decided(word: string, flags: ArgumentOrder["flags"]): readonly string[] {
  const equals = word.indexOf("=");
  if (!word.startsWith("--") || equals === -1) return [word];
  const name = word.slice(2, equals);
  if (findLong(name, flags)?.type !== "boolean") return [word];
  const value = word.slice(equals + 1);
  if (value === "true" || value === "1") return [`--${name}`];
  if (value === "false" || value === "0") return [];
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FLAG_INVALID",
    message: `--${name}=${value} is neither true nor false`,
    hint: `Write --${name} alone.`,
    details: { flag: name, value },
  });
}

/** True for `--name` and `-n` of a flag with a value, and for a cluster such as `-dn` that ends in one. */
function takesNextWord(word: string, flags: ArgumentOrder["flags"]): boolean {
  if (word.startsWith("--")) return findLong(word.slice(2), flags)?.type === "option";
  const letters = [...word.slice(1)];
  const valued = letters.findIndex((letter) => findShort(letter, flags)?.type === "option");
  return valued !== -1 && valued === letters.length - 1;
}

function findLong(name: string, flags: ArgumentOrder["flags"]): FlagShape | undefined {
  if (Object.hasOwn(flags, name)) return flags[name];
  return Object.values(flags).find(({ aliases }) => aliases?.includes(name));
}

function findShort(letter: string, flags: ArgumentOrder["flags"]): FlagShape | undefined {
  return Object.values(flags).find(({ char, charAliases }) => char === letter || charAliases?.includes(letter));
}

import { canonicalCidr } from "../canonical-address.js";
import { canonicalDestination, canonicalText } from "./canonical-address.js";
import type { PortRange, Rule } from "./rule.js";

/** The words of a line of iptables-save(8), where double quotes hold spaces and a backslash takes the next character. */
function splitWords(line: string): readonly string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

/**
 * Reads a line that begins with `-A`; undefined for any other. Options that tsd never writes become part of the
 * condition, so that a rule which a foreign hand has changed equals none of tsd's.
 */
export function parseRule(line: string): Rule | undefined {
  const [verb, chain, ...words] = splitWords(line);
  if (verb !== "-A" || chain === undefined) return undefined;
  const options = optionsOf(words);
  const conditions = options.filter(({ name }) => !actionOptions.has(name) && name !== "--comment" && name !== "-m");
  const scope = textOf(conditions.filter(({ name }) => name !== "--dport"));
  const ports = parsePorts(findValue(options, "--dport"));
  return {
    chain,
    condition: textOf(conditions),
    scope,
    ...(ports === undefined ? {} : { ports }),
    action: options
      .filter(({ name }) => actionOptions.has(name))
      .map(({ value }) => value)
      .join(" "),
    owner: findValue(options, "--comment") ?? "",
    line,
  };
}

/** Where a rule sends its packets, a chain or a target; undefined for a rule that only counts. */
export function jumpTarget(line: string): string | undefined {
  const options = optionsOf(splitWords(line).slice(2));
  return findValue(options, "-j") ?? findValue(options, "-g");
}

/** Whether packets come back from where the rule sends them to the end of its chain's caller, not to the next rule. */
export function isGoto(line: string): boolean {
  return findValue(optionsOf(splitWords(line).slice(2)), "-g") !== undefined;
}

interface Option {
  readonly name: string;
  readonly isNegated: boolean;
  readonly value: string;
}

const actionOptions: ReadonlySet<string> = new Set(["-j", "-g", "--to-destination", "--to-source"]);

/** Every option that tsd uses has one value, and so has nearly every other; negation goes before the name. */
function optionsOf(words: readonly string[]): readonly Option[] {
  const options: Option[] = [];
  let isNegated = false;
  for (const word of words) {
    const last = options.at(-1);
    if (word === "!") isNegated = true;
    else if (word.startsWith("-")) {
      options.push({ name: word, isNegated, value: "" });
      isNegated = false;
    } else if (last !== undefined) {
      options[options.length - 1] = { ...last, value: canonicalValue(last.name, last.value, word) };
    }
  }
  return options;
}

/** Addresses and protocols have several spellings. */
function canonicalValue(name: string, before: string, word: string): string {
  if (before !== "") return `${before} ${word}`;
  if (name === "-s" || name === "-d") return word.includes("/") ? canonicalCidr(word) : canonicalText(word);
  if (name === "--to-destination" || name === "--to-source") return canonicalDestination(word);
  // A number where the machine has no /etc/protocols; IANA's.
  if (name === "-p") return { "6": "tcp", "17": "udp", "132": "sctp" }[word] ?? word;
  return word;
}

function findValue(options: readonly Option[], name: string): string | undefined {
  return options.find((option) => option.name === name)?.value;
}

/** In alphabetic order: programs print options in an order of their own. */
function textOf(options: readonly Option[]): string {
  return options
    .map(({ name, isNegated, value }) => `${isNegated ? "! " : ""}${name} ${value}`)
    .sort()
    .join(" ");
}

function parsePorts(text: string | undefined): PortRange | undefined {
  if (text === undefined) return undefined;
  const [first = Number.NaN, last = first] = text.split(":").map(Number);
  return { first, last };
}

import type { Condition, Fate, Rule } from "./chain.js";
import { condition, isBetween, isWithin, namesLink, questions, unknowable } from "./conditions.js";

export interface SavedTable {
  /** By name. */
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
  /** Built-in chains that drop what no rule decides on. */
  readonly drops: ReadonlySet<string>;
}

/** Reads what iptables-save(8) prints of one table. Lines that are not understood are passed over. */
export function parseSavedTable(text: string): SavedTable {
  const lines = text.split("\n");
  const declared = lines.flatMap((line) => {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, policy }];
  });
  const chains = new Map<string, Rule[]>(declared.map(({ name }) => [name, []]));
  for (const line of lines) {
    const [verb, name = "", ...words] = wordsOf(line);
    if (verb === "-A") chains.get(name)?.push({ ...readRule(words, chains), line });
  }
  return { chains, drops: new Set(declared.flatMap(({ name, policy }) => (policy === "DROP" ? [name] : []))) };
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

function readRule(words: readonly string[], chains: ReadonlyMap<string, unknown>): Omit<Rule, "line"> {
  const conditions: Condition[] = [];
  let comment = "";
  for (let at = 0; at < words.length; at++) {
    const negated = words[at] === "!";
    if (negated) at++;
    const [flag = "", value = ""] = words.slice(at, at + 2);
    if (flag === "-j" || flag === "-g") return { conditions, fate: fateOf(flag, value, chains), comment };
    if (flag === "--comment") {
      comment = value;
      at++;
    } else if (flag.startsWith("-") && flag !== "-m") conditions.push(conditionOf(flag, value, negated));
  }
  return { conditions, fate: { kind: "continue" }, comment };
}

/** Targets that are no chain and none of these have an effect and decide nothing. */
function fateOf(flag: string, target: string, chains: ReadonlyMap<string, unknown>): Fate {
  if (chains.has(target)) return { kind: flag === "-g" ? "goto" : "jump", chain: target };
  switch (target) {
    case "ACCEPT":
    case "QUEUE":
    case "NFQUEUE":
      return { kind: "accept" };
    case "DROP":
    case "REJECT":
      return { kind: "drop" };
    case "RETURN":
      return { kind: "return" };
    default:
      return { kind: "continue" };
  }
}

function conditionOf(flag: string, value: string, negated: boolean): Condition {
  switch (flag) {
    case "-i":
      return condition(questions.from, namesLink(value, "+"), negated);
    case "-o":
      return condition(questions.to, namesLink(value, "+"), negated);
    case "-s":
      return condition(questions.source, isWithin(value), negated);
    case "-d":
      return condition(questions.destination, isWithin(value), negated);
    case "-p":
      return condition(questions.protocol, (one) => one === value, negated);
    case "--dport": {
      const [first = "", last = first] = value.split(":");
      return condition(questions.port, isBetween(first, last), negated);
    }
    case "--ctstate":
    case "--state":
      return stateCondition(value.toLowerCase().split(","), negated);
    default:
      return unknowable;
  }
}

/** DNAT is a state to iptables, beside the one that every connection has. */
function stateCondition(states: readonly string[], negated: boolean): Condition {
  return condition(
    (packet) => [...questions.state(packet), ...questions.status(packet)],
    (one) => states.includes(String(one)),
    negated,
  );
}

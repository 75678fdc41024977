import type { Condition, Fate, Rule } from "./chain.js";
import { unknowable } from "./conditions.js";
import { field, listOf } from "./json.js";
import { keyCondition, matchCondition, type SetLookup } from "./nft-match.js";

/** Chains of one table, by their names. */
type Chains = ReadonlyMap<string, readonly Rule[]>;

export interface ListedTable {
  readonly chains: Chains;
  /** Some of it are matches of iptables, of which nft(8) knows no more than the names. */
  readonly isOpaque: boolean;
}

/** Reads `nft -j list table`, see libnftables-json(5). Throws SyntaxError for what is no JSON. */
export function parseTable(json: string): ListedTable {
  const objects = listOf(field(JSON.parse(json), "nftables"));
  const sets = new Map(
    objects.flatMap((object) => {
      const set = field(object, "set");
      return set === undefined ? [] : [[field(set, "name"), listOf(field(set, "elem"))] as const];
    }),
  );
  const chains = new Map<string, Rule[]>();
  for (const object of objects) {
    const name = field(field(object, "chain"), "name");
    if (typeof name === "string") chains.set(name, []);
  }
  const rules = objects.map((object) => field(object, "rule")).filter((rule) => rule !== undefined);
  for (const rule of rules) chains.get(String(field(rule, "chain")))?.push(...readRule(rule, (name) => sets.get(name)));
  return { chains, isOpaque: rules.some((rule) => listOf(field(rule, "expr")).some(isOpaqueMatch)) };
}

/** A verdict map is as good as a rule for each of its keys. */
function readRule(rule: unknown, sets: SetLookup): readonly Rule[] {
  const handle = field(rule, "handle");
  const comment = field(rule, "comment");
  const common = {
    ...(typeof handle === "number" ? { handle } : {}),
    comment: typeof comment === "string" ? comment : "",
  };
  const conditions: Condition[] = [];
  for (const statement of listOf(field(rule, "expr"))) {
    const map = field(statement, "vmap");
    if (map !== undefined) return readMap(map, conditions).map((one) => ({ ...common, ...one }));
    const fate = fateOf(statement);
    if (fate !== undefined) return [{ ...common, conditions, fate }];
    conditions.push(...conditionsOf(statement, sets));
  }
  return [{ ...common, conditions, fate: { kind: "continue" } }];
}

function readMap(map: unknown, before: readonly Condition[]): readonly Pick<Rule, "conditions" | "fate">[] {
  const key = field(map, "key");
  return listOf(field(field(map, "data"), "set")).map((entry) => {
    const [value, verdict] = listOf(entry);
    const fate = fateOf(verdict) ?? ({ kind: "continue" } as const);
    return { conditions: value === "*" ? before : [...before, ...keyCondition(key, value)], fate };
  });
}

/** Undefined for what decides nothing. What a program decides (queue) is left to that. */
function fateOf(statement: unknown): Fate | undefined {
  const [name] = Object.keys((statement ?? {}) as object);
  switch (name) {
    case "accept":
    case "drop":
    case "return":
    case "continue":
      return { kind: name };
    case "reject":
      return { kind: "drop" };
    case "queue":
      return { kind: "accept" };
    case "jump":
    case "goto":
      return { kind: name, chain: String(field(field(statement, name), "target")) };
    default:
      return isTarget(statement, "REJECT") ? { kind: "drop" } : undefined;
  }
}

/** Statements that have an effect and decide nothing. */
const effects = new Set([
  "counter",
  "log",
  "mangle",
  "notrack",
  "set",
  "map",
  "ct helper",
  "ct timeout",
  "meter",
  "last",
]);

function conditionsOf(statement: unknown, sets: SetLookup): readonly Condition[] {
  const match = field(statement, "match");
  if (match !== undefined) return matchCondition(match, sets);
  if (isComment(statement) || field(field(statement, "xt"), "type") === "target") return [];
  const [name = ""] = Object.keys((statement ?? {}) as object);
  return effects.has(name) ? [] : [unknowable];
}

function isTarget(statement: unknown, name: string): boolean {
  const xt = field(statement, "xt");
  return field(xt, "type") === "target" && field(xt, "name") === name;
}

function isComment(statement: unknown): boolean {
  return field(field(statement, "xt"), "name") === "comment";
}

function isOpaqueMatch(statement: unknown): boolean {
  return field(statement, "xt") !== undefined;
}

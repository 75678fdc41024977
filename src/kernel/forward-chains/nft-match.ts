import type { Condition } from "./chain.js";
import {
  condition,
  isBetween,
  isWithin,
  type Meant,
  namesLink,
  type Question,
  questions,
  unknowable,
} from "./conditions.js";
import { field, listOf } from "./json.js";

/** The elements of a named set, by its name; undefined for one that is not there. */
export type SetLookup = (name: string) => readonly unknown[] | undefined;

/** A match of libnftables-json(5): `{"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth0"}`. */
export function matchCondition(match: unknown, sets: SetLookup): readonly Condition[] {
  const left = field(match, "left");
  return [
    ...impliedFamily(left),
    comparison(left, field(match, "right"), { sets, negated: field(match, "op") === "!=" }),
  ];
}

/** For one key of a verdict map, whose left side is `key`. */
export function keyCondition(key: unknown, value: unknown): readonly Condition[] {
  return [...impliedFamily(key), comparison(key, value, { sets: () => undefined, negated: false })];
}

function comparison(
  left: unknown,
  right: unknown,
  { sets, negated }: { readonly sets: SetLookup; readonly negated: boolean },
): Condition {
  const values = valuesOf(right, sets);
  if (values === undefined) return unknowable;
  const parts = field(left, "concat");
  if (parts === undefined) return single(left, values, negated);
  const alternatives = values.map((value) => {
    const each = listOf(field(value, "concat"));
    return listOf(parts).map((part, index) => single(part, [each[index]], false));
  });
  return (packet) => {
    const met = alternatives.map((conditions) => conditions.map((one) => one(packet)));
    if (met.some((all) => all.every((one) => one === true))) return !negated;
    return met.some((all) => all.every((one) => one !== false)) ? undefined : negated;
  };
}

function single(left: unknown, values: readonly unknown[], negated: boolean): Condition {
  const question = questionOf(left);
  if (question === undefined) return unknowable;
  const meant = values.map((value) => meantBy(value));
  return condition(question, (value) => meant.some((isMeant) => isMeant(value)), negated);
}

/** Undefined for what is no list of values. */
function valuesOf(right: unknown, sets: SetLookup): readonly unknown[] | undefined {
  if (typeof right === "string" && right.startsWith("@")) return sets(right.slice(1))?.map(unwrapped);
  const list = Array.isArray(right) ? right : (field(right, "set") ?? [right]);
  return Array.isArray(list) ? list.map(unwrapped) : undefined;
}

function unwrapped(element: unknown): unknown {
  return field(field(element, "elem"), "val") ?? element;
}

function meantBy(value: unknown): Meant {
  const prefix = field(value, "prefix");
  if (prefix !== undefined) return isWithin(`${field(prefix, "addr")}/${field(prefix, "len")}`);
  const [first, last] = listOf(field(value, "range"));
  if (isValue(first) && isValue(last)) return isBetween(first, last);
  if (!isValue(value)) return () => false;
  if (value === "ipv4" || value === "ip") return (one) => one === 4;
  if (value === "ipv6" || value === "ip6") return (one) => one === 6;
  return typeof value === "number" ? (one) => one === value : namesLink(value, "*");
}

function isValue(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function questionOf(left: unknown): Question | undefined {
  const meta = field(field(left, "meta"), "key");
  if (typeof meta === "string") return ofMeta[meta];
  const ct = field(field(left, "ct"), "key");
  if (ct === "state") return questions.state;
  if (ct === "status") return questions.status;
  const name = field(field(left, "payload"), "field");
  return typeof name === "string" ? ofPayload[name] : undefined;
}

const ofMeta: Readonly<Record<string, Question>> = {
  iifname: questions.from,
  iif: questions.from,
  oifname: questions.to,
  oif: questions.to,
  nfproto: questions.family,
  protocol: questions.family,
  l4proto: questions.protocol,
};

const ofPayload: Readonly<Record<string, Question>> = {
  saddr: questions.source,
  daddr: questions.destination,
  dport: questions.port,
};

/** nft(8) adds these itself, and does not print them. */
function impliedFamily(left: unknown): readonly Condition[] {
  const parts = listOf(field(left, "concat") ?? [left]);
  return parts.flatMap((part) => {
    const protocol = field(field(part, "payload"), "protocol");
    if (protocol === "ip") return [condition(questions.family, (one) => one === 4)];
    if (protocol === "ip6") return [condition(questions.family, (one) => one === 6)];
    if (typeof protocol !== "string" || protocol === "th") return [];
    return [condition(questions.protocol, (one) => one === protocol)];
  });
}

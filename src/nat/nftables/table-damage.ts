import type { Damage } from "../../api/index.js";
import { standingOf } from "../owner-mark.js";
import { keyText } from "./element.js";
import type { Entry } from "./element-messages.js";
import type { TableFamily } from "./element-sets.js";
import { skeletonChains, TABLE } from "./skeleton.js";
import type { ChainForm, RuleForm, SetForm, TableForm } from "./table-form.js";

/** How `present` differs from what is `expected`. `textOf` knows rules by their handles, in nft's words. */
export function damageOf(
  family: TableFamily,
  { present, expected }: { readonly present: TableForm; readonly expected: TableForm },
  textOf: (handle: bigint) => string,
): readonly Damage[] {
  const table = `table ${family} ${TABLE}`;
  const texts = new Map(skeletonChains(family).map(({ name, rules }) => [name, rules]));
  const chains = names(present.chains, expected.chains).flatMap((name) => {
    const pair = { present: present.chains.get(name), expected: expected.chains.get(name) };
    return chainDamage(pair, texts.get(name) ?? [], textOf).map((what) => ({ where: `${table}, chain ${name}`, what }));
  });
  const sets = names(present.sets, expected.sets).flatMap((name) =>
    setDamage(present.sets.get(name), expected.sets.get(name)).map((what) => ({
      where: `${table}, set ${name}`,
      what,
    })),
  );
  return [
    ...(present.isDormant ? [{ where: table, what: "dormant: none of its rules is in force" }] : []),
    ...chains,
    ...sets,
    ...present.others.map((other) => ({ where: table, what: `${other} too many` })),
  ];
}

/** Whether a set must be made again: of another declaration, unknown, or with elements that only its removal takes away. */
export function isMisdeclared(present: SetForm, expected: SetForm | undefined): boolean {
  return present.declaration !== expected?.declaration || present.entries.some(isForeign);
}

function chainDamage(
  { present, expected }: { readonly present: ChainForm | undefined; readonly expected: ChainForm | undefined },
  texts: readonly string[],
  textOf: (handle: bigint) => string,
): readonly string[] {
  if (present === undefined) return ["missing"];
  if (expected === undefined) return ["too many"];
  const declaration = present.declaration === expected.declaration ? [] : ["other hook, priority or policy"];
  const missing = lacking(expected.rules, present.rules).map((rule) => {
    return `rule missing: ${texts[expected.rules.indexOf(rule)]}`;
  });
  const extra = lacking(present.rules, expected.rules).map(({ handle }) => `rule too many: ${textOf(handle)}`);
  const isSorted = expected.rules.every(({ form }, index) => form === present.rules[index]?.form);
  const order = missing.length + extra.length > 0 || isSorted ? [] : ["rules in another order"];
  return [...declaration, ...missing, ...extra, ...order];
}

function setDamage(present: SetForm | undefined, expected: SetForm | undefined): readonly string[] {
  if (present === undefined) return ["missing"];
  if (expected === undefined) return ["too many"];
  return [
    ...(present.declaration === expected.declaration ? [] : ["other type or flags"]),
    ...present.entries.filter(isForeign).map(({ element }) => {
      return `element too many: ${element === undefined ? "of a kind that tsd never makes" : keyText(element)}`;
    }),
  ];
}

/** Not put there by any tsd: it names no owner, or is of a kind that tsd never makes. */
export function isForeign({ element, owner }: Entry): boolean {
  return element === undefined || standingOf(owner, "") === "ownerless";
}

/** Those of `rules` that `others` has not, as often as it has them. */
function lacking(rules: readonly RuleForm[], others: readonly RuleForm[]): readonly RuleForm[] {
  const counts = new Map<string, number>();
  for (const { form } of others) counts.set(form, (counts.get(form) ?? 0) + 1);
  return rules.filter(({ form }) => {
    const count = counts.get(form) ?? 0;
    counts.set(form, count - 1);
    return count <= 0;
  });
}

function names(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...b.keys(), ...a.keys()])];
}

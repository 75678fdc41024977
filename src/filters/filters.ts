import type { Labels } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/**
 * What the keys of a list's `--filter` mean: each reads its value, once, and returns the test of one thing. `context` has
 * what a value may name beside the thing itself. Throws `invalid-input` for a value that the key does not know.
 */
export type FilterKeys<T, Context = undefined> = Readonly<
  Record<string, (value: string, context: Context) => (thing: T) => boolean>
>;

interface Filter {
  readonly key: string;
  readonly value: string;
}

/**
 * The test that `--filter key=value …` describes: all keys must match. As docker has it, one of several values of a key is
 * enough, but of labels each must match, and of `label!` none may. Throws `invalid-input` for an unknown key, naming the
 * known ones.
 */
export function makeFilter<T, Context>(
  filters: readonly string[] | undefined,
  keys: FilterKeys<T, Context>,
  context: Context,
): (thing: T) => boolean {
  const wanted = (filters ?? []).map((filter) => parseFilter(filter, Object.keys(keys)));
  const tests = [...Map.groupBy(wanted, ({ key }) => key)].map(([key, given]) => {
    const matches = given.flatMap(({ value }) => keys[key]?.(value, context) ?? []);
    return (thing: T): boolean =>
      key.startsWith("label") ? matches.every((match) => match(thing)) : matches.some((match) => match(thing));
  });
  return (thing) => tests.every((test) => test(thing));
}

/** The values that are given for a key. */
export function filterValues(filters: readonly string[] | undefined, key: string): readonly string[] {
  return (filters ?? []).flatMap((filter) => (filter.startsWith(`${key}=`) ? [filter.slice(key.length + 1)] : []));
}

/** The keys `label` and `label!`, of what has labels. */
export function labelKeys<T>(labelsOf: (thing: T) => Labels): FilterKeys<T, unknown> {
  return {
    label: (value) => (thing) => hasLabel(labelsOf(thing), value),
    "label!": (value) => (thing) => !hasLabel(labelsOf(thing), value),
  };
}

/** Matches `key` or `key=value`. */
function hasLabel(labels: Labels, wanted: string): boolean {
  const [key = ""] = wanted.split("=", 1);
  if (!Object.hasOwn(labels, key)) return false;
  return !wanted.includes("=") || labels[key] === wanted.slice(key.length + 1);
}

function parseFilter(filter: string, known: readonly string[]): Filter {
  const [typed = ""] = filter.split("=", 1);
  const key = typed.trim().toLowerCase();
  if (filter.includes("=") && known.includes(key)) return { key, value: filter.slice(typed.length + 1).trim() };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FILTER_INVALID",
    message: filter.includes("=") ? `there is no filter "${key}"` : `the filter "${filter}" has no value`,
    hint: `Write key=value, with one of the keys ${known.join(", ")}.`,
    details: { filter, known },
  });
}

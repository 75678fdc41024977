import type { Labels } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** For each filter key, whether a thing matches a value. */
export type Matchers<T> = Readonly<Record<string, (thing: T, value: string) => boolean>>;

/**
 * The test that `--filter key=value …` describes: all keys must match; of several values of a key one is enough, except
 * of labels, as docker has it. Throws `invalid-input` for an unknown key, naming the known ones.
 */
export function makeFilter<T>(filters: readonly string[] | undefined, matchers: Matchers<T>): (thing: T) => boolean {
  const wanted = Map.groupBy(
    (filters ?? []).map((filter) => parseFilter(filter, Object.keys(matchers))),
    ({ key }) => key,
  );
  return (thing) =>
    [...wanted].every(([key, values]) => {
      const matches = ({ value }: { readonly value: string }): boolean => matchers[key]?.(thing, value) ?? false;
      return key === "label" ? values.every(matches) : values.some(matches);
    });
}

/** Matches `key` or `key=value`. */
export function hasLabel(labels: Labels, wanted: string): boolean {
  const [key = ""] = wanted.split("=", 1);
  if (!Object.hasOwn(labels, key)) return false;
  return !wanted.includes("=") || labels[key] === wanted.slice(key.length + 1);
}

function parseFilter(filter: string, known: readonly string[]): { readonly key: string; readonly value: string } {
  const [key = ""] = filter.split("=", 1);
  if (filter.includes("=") && known.includes(key)) return { key, value: filter.slice(key.length + 1) };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FILTER_INVALID",
    message: filter.includes("=") ? `there is no filter "${key}"` : `the filter "${filter}" has no value`,
    hint: `Write key=value, with one of the keys ${known.join(", ")}.`,
    details: { filter, known },
  });
}

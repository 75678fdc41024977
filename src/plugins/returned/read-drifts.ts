import type { Drift, Resource } from "../../api/index.js";
import { oneOf, quoted } from "./field.js";
import { malformed } from "./malformed.js";
import { isList, type Json, plainJson } from "./plain-json.js";

const MAX_CHARACTERS = 4_194_304;
const problems = oneOf("missing", "different");

/** What `inspect` found, each of one of `resources`, which the engine knows by identity. */
export function readDrifts(answer: unknown, resources: readonly Resource[]): readonly Drift[] {
  const list = plainJson(answer, "a list of differences", MAX_CHARACTERS);
  if (!isList(list)) throw malformed("something else than a list of differences");
  const byText = new Map(resources.map((resource) => [textOf(resource), resource]));
  return list.map((item) => readDrift(item, byText));
}

function readDrift(item: Json, byText: ReadonlyMap<string, Resource>): Drift {
  if (typeof item !== "object" || item === null || isList(item)) throw malformed("a difference that is no object");
  const { resource: given, problem = null, found } = item;
  const resource = given === undefined ? undefined : byText.get(textOf(given));
  if (resource === undefined) throw malformed("a difference of a resource that it was not asked about");
  if (!problems.takes(problem)) throw malformed(`the problem ${quoted(problem)}, which is not ${problems.expected}`);
  return {
    resource,
    problem: problem as Drift["problem"],
    ...(found === undefined ? {} : { found: quoted(found).slice(1, -1) }),
  };
}

/** The same for the same content, whatever the order of keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

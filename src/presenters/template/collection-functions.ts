import type { TemplateFunction } from "./function-names.js";
import { StepFailure } from "./template-errors.js";
import { entriesOf, isMap, isObject, plain, Rendered, textLike, typeOf } from "./values.js";

/** Functions of lists, maps and texts as lists of bytes. */
export function collectionFunction(name: string): TemplateFunction | undefined {
  switch (name) {
    case "len":
      return { least: 1, most: 1, call: lengthOf };
    case "index":
      return { least: 1, call: (value, ...keys) => keys.reduce(indexed, value) };
    case "slice":
      return { least: 1, most: 3, call: sliced };
    case "call":
      return { least: 1, call: called };
    default:
      return undefined;
  }
}

function lengthOf(value: unknown): number {
  const known = plain(value);
  if (typeof known === "string") return Buffer.byteLength(known);
  if (Array.isArray(known)) return known.length;
  if (isMap(known)) return Object.keys(known).length;
  throw new StepFailure(known === undefined || known === null ? "len of nil pointer" : `len of type ${typeOf(value)}`);
}

function indexed(value: unknown, key: unknown): unknown {
  const [known, at] = [plain(value), plain(key)];
  if (isObject(known)) {
    if (typeof at !== "string") throw new StepFailure(`value has type ${typeOf(key)}; should be string`);
    if (Object.hasOwn(known, at)) return known[at];
    return entriesOf(known).every(([, one]) => typeof one === "string") ? new Rendered("") : undefined;
  }
  if (!Array.isArray(known) && typeof known !== "string") {
    const what =
      known === undefined || known === null ? "index of untyped nil" : `can't index item of type ${typeOf(value)}`;
    throw new StepFailure(what);
  }
  if (typeof at !== "number") throw new StepFailure(`cannot index slice/array with type ${typeOf(key)}`);
  if (!Number.isInteger(at) || at < 0 || at >= known.length) throw new StepFailure(`index out of range: ${at}`);
  return typeof known === "string" ? Buffer.from(known)[at] : known[at];
}

function sliced(value: unknown, ...bounds: unknown[]): unknown {
  const known = plain(value);
  if (typeof known !== "string" && !Array.isArray(known))
    throw new StepFailure(`can't slice item of type ${typeOf(value)}`);
  const [start = 0, end = known.length] = bounds.map(plain);
  for (const bound of [start, end]) {
    if (typeof bound !== "number") throw new StepFailure(`cannot index slice/array with type ${typeOf(bound)}`);
    if (!Number.isInteger(bound) || bound < 0 || bound > known.length)
      throw new StepFailure(`index out of range: ${bound}`);
  }
  if (Number(start) > Number(end)) throw new StepFailure(`invalid slice index: ${start} > ${end}`);
  const part = known.slice(Number(start), Number(end));
  return typeof part === "string" ? textLike(value, part) : part;
}

function called(value: unknown): never {
  throw new StepFailure(`non-function of type ${typeOf(value)}`);
}

import { StepFailure, unknownField } from "./template-errors.js";
import { isMap, isObject, plain } from "./values.js";

/**
 * The field of `owner` at the end of `path`. A map has every key; a record's unknown field, and a field of what has none, is
 * `invalid-input`. What a record does is called with the arguments.
 */
export function fieldOf(owner: unknown, path: readonly string[], args: readonly unknown[]): unknown {
  const name = path.at(-1) ?? "";
  const whole = `.${path.join(".")}`;
  if (owner === undefined || owner === null)
    throw new StepFailure(`there is nothing that ${whole} could be a field of`);
  if (!isObject(owner) || (!isMap(owner) && !Object.hasOwn(owner, name))) {
    throw unknownField(whole, isObject(owner) ? Object.keys(owner) : []);
  }
  const field = Object.hasOwn(owner, name) ? owner[name] : undefined;
  if (typeof field !== "function") {
    if (args.length === 0) return field;
    throw new StepFailure(`${name} has arguments but cannot be invoked as function`);
  }
  if (args.length !== field.length) {
    throw new StepFailure(`wrong number of args for ${name}: want ${field.length} got ${args.length}`);
  }
  return field(...args.map(plain));
}

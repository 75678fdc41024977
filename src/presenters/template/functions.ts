import { joinBounded } from "./bounded-text.js";
import { collectionFunction } from "./collection-functions.js";
import { compare, equalsAny } from "./comparison.js";
import { displayEach } from "./format-value.js";
import type { TemplateFunction } from "./function-names.js";
import { sprintf } from "./printf.js";
import { isStepFailure, StepFailure } from "./template-errors.js";
import { printed, textArgument, textFunction } from "./text-functions.js";
import { isTrue, Rendered } from "./values.js";

/** Calls one of Go's functions or docker's; throws {@link StepFailure} for arguments that do not fit. */
export function applyFunction(name: string, args: readonly unknown[]): unknown {
  const { least, most, call } = ownFunction(name) ?? collectionFunction(name) ?? textFunction(name);
  if (args.length < least || (most !== undefined && args.length > most)) {
    const wanted = most === undefined || most !== least ? `at least ${least}` : String(least);
    throw new StepFailure(`wrong number of args for ${name}: want ${wanted} got ${args.length}`);
  }
  try {
    return call(...args);
  } catch (error) {
    throw isStepFailure(error) ? new StepFailure(`error calling ${name}: ${error.message}`) : error;
  }
}

function ownFunction(name: string): TemplateFunction | undefined {
  const ordered = (test: (order: number) => boolean): TemplateFunction => ({
    least: 2,
    most: 2,
    call: (a, b) => test(compare(a, b)),
  });
  switch (name) {
    case "not":
      return { least: 1, most: 1, call: (value) => !isTrue(value) };
    case "print":
      return { least: 0, call: (...args) => new Rendered(printed(args)) };
    case "println":
      return { least: 0, call: (...args) => new Rendered(`${joinBounded(displayEach(args), " ")}\n`) };
    case "printf":
      return { least: 1, call: (format, ...args) => sprintf(textArgument(format), args) };
    case "eq":
      return { least: 1, call: (...args) => equalsAny(args) };
    case "ne":
      return { least: 2, most: 2, call: (...args) => !equalsAny(args) };
    case "lt":
      return ordered((order) => order < 0);
    case "le":
      return ordered((order) => order <= 0);
    case "gt":
      return ordered((order) => order > 0);
    case "ge":
      return ordered((order) => order >= 0);
    default:
      return undefined;
  }
}

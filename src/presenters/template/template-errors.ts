import { TsdError } from "../../errors/tsd-error.js";
import { type Position, placeOf } from "./position.js";

/** A template that cannot be read. */
export function unreadable(source: string, position: Position, why: string): TsdError {
  const place = placeOf(source, position);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_INVALID",
    message: `the format cannot be read at ${place}: ${why}`,
    hint: "Formats are Go templates, {{.Field}} or {{json .}}; docs/templates-and-filters.md has what they know.",
    details: { format: source, place },
  });
}

/** Why a step of a template fails; the evaluator adds where. */
export class StepFailure extends Error {
  readonly isStepFailure = true;
}

export function isStepFailure(error: unknown): error is StepFailure {
  return error instanceof Object && "isStepFailure" in error;
}

/** A template that can be read, and fails with the data it meets. */
export function failed(
  source: string,
  { at, text }: { readonly at: Position; readonly text: string },
  why: string,
): TsdError {
  const place = placeOf(source, at);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_FAILED",
    message: `the format fails at ${place} <${text}>: ${why}`,
    hint: "{{json .}} shows what there is.",
    details: { format: source, place },
  });
}

/** `field` is the whole path, `owner` what has no such field, and `known` what that has. */
export function unknownField(field: string, known: readonly string[]): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_UNKNOWN_FIELD",
    message: `the format names an unknown field ${field}`,
    hint:
      known.length === 0 ? "There are no fields below it." : `Known here: ${known.map((key) => `.${key}`).join(", ")}.`,
    details: { field, known },
  });
}

import { printable, printableJson } from "../errors/printable.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Stage, tokenize } from "./format-tokens.js";

/** A `--format` template, parsed once and rendered for each row. */
export interface FormatTemplate {
  render(data: unknown): string;
  /** The heading line of a `table` template: what each field is called, functions left out. */
  renderHeadings(headings: Readonly<Record<string, string>>): string;
}

type Apply = (name: string, args: readonly unknown[]) => unknown;

/** Text that is fit to be printed: the template's own, or made of data. Everything else is data as it came. */
class Rendered {
  constructor(readonly text: string) {}
}

/**
 * Parses the part of Go's text/template that docker's users write: fields (`{{.Name}}`, `{{.A.B}}`, `{{.}}`), text in
 * quotes, pipes, and the functions json, upper, lower and join. `\t` and `\n` may be written as such. Throws
 * `invalid-input` for anything else. Newlines and tabs are the template's; those in data are escaped, as all control characters.
 */
export function parseFormat(text: string): FormatTemplate {
  const parts = tokenize(text.replaceAll("\\t", "\t").replaceAll("\\n", "\n"));
  const renderWith = (data: unknown, apply: Apply): string =>
    parts.map((part) => (typeof part === "string" ? part : print(evaluate(part, data, apply)))).join("");
  return {
    render: (data) => renderWith(data, applyFunction),
    renderHeadings: (headings) => renderWith(headings, (_name, args) => args[0]),
  };
}

function evaluate(pipeline: readonly Stage[], data: unknown, apply: Apply): unknown {
  let piped: readonly unknown[] = [];
  for (const { call, operands } of pipeline) {
    const values = operands.map((operand) =>
      "text" in operand ? new Rendered(operand.text) : lookUp(data, operand.path),
    );
    piped = [call === undefined ? values[0] : apply(call, [...values, ...piped])];
  }
  return piped[0];
}

function lookUp(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const [depth, name] of path.entries()) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
      throw unknownField(`.${path.slice(0, depth + 1).join(".")}`, value);
    }
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

function unknownField(field: string, owner: unknown): TsdError {
  const known = typeof owner === "object" && owner !== null ? Object.keys(owner) : [];
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_UNKNOWN_FIELD",
    message: `the format names an unknown field ${field}`,
    hint:
      known.length === 0 ? "There are no fields below it." : `Known here: ${known.map((key) => `.${key}`).join(", ")}.`,
    details: { field, known },
  });
}

function applyFunction(name: string, args: readonly unknown[]): unknown {
  switch (name) {
    case "json":
      return new Rendered(printableJson(args[0] instanceof Rendered ? args[0].text : args[0]));
    case "upper":
      return new Rendered(print(args[0]).toUpperCase());
    case "lower":
      return new Rendered(print(args[0]).toLowerCase());
    default:
      return join(args);
  }
}

/** As a template, `join LIST SEPARATOR`; in a pipe the list comes last. */
function join(args: readonly unknown[]): Rendered {
  const list = args.find((argument) => Array.isArray(argument));
  const separator = args.find((argument) => typeof argument === "string" || argument instanceof Rendered) ?? "";
  if (Array.isArray(list)) return new Rendered(list.map(print).join(print(separator)));
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FORMAT_INVALID",
    message: `the format joins ${JSON.stringify(args[0] instanceof Rendered ? args[0].text : args[0])}, which is not a list`,
    hint: 'Write {{join .Field ", "}} with a field that holds a list.',
  });
}

function print(value: unknown): string {
  if (value instanceof Rendered) return value.text;
  if (value === undefined || value === null) return "<no value>";
  return typeof value === "object" ? printableJson(value) : printable(String(value));
}

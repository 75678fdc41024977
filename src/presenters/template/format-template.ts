import { Evaluation } from "./evaluation.js";
import { isTextFunction } from "./function-names.js";
import { applyFunction } from "./functions.js";
import { parseTemplate } from "./template-parser.js";

/** A `--format` template, parsed once and rendered for each row. */
export interface FormatTemplate {
  render(data: unknown): string;
  /** The heading line of a `table` template: what each field is called, functions of text left out. */
  renderHeadings(headings: Readonly<Record<string, string>>): string;
}

/**
 * Parses Go's text/template, with docker's functions. `\t` and `\n` in its text may be written as such. Throws
 * `invalid-input`. Newlines and tabs are the template's; those in data are escaped, as all control characters.
 */
export function parseFormat(text: string): FormatTemplate {
  const template = parseTemplate(text);
  return {
    render: (data) => new Evaluation(template, data, applyFunction).run(),
    renderHeadings: (headings) => new Evaluation(template, { ...headings, Label: labelHeading }, headingFunction).run(),
  };
}

/** docker's heading of a label: the last part of its name. */
function labelHeading(name: unknown): string {
  return (String(name).split(".").at(-1) ?? "").replaceAll(/[-_]/g, " ");
}

function headingFunction(name: string, args: readonly unknown[]): unknown {
  return isTextFunction(name) && args.length > 0 ? args[0] : applyFunction(name, args);
}

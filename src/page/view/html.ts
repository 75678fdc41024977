import { escapeMarkup } from "../../presenters/map/escape-markup.js";

/** Text of HTML in which every value is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = string | number | undefined | Markup | readonly Markup[];

/** Values are text, whatever is in them, or whole numbers; those that are HTML already stay as they are, and undefined ones are left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = strings.map((text, index) => text + (index < values.length ? markupOf(values[index]) : ""));
  return new Markup(parts.join(""));
}

function markupOf(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "number") return value.toFixed();
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escapeMarkup(value);
}

/** A name that a user or an image chose: it keeps its own direction to itself. */
export function named(name: string): Markup {
  return html`<bdi class="word" title="${name}">${name}</bdi>`;
}

import type { Change } from "../../api/index.js";
import { html, type Markup, named } from "./html.js";

/** What happened of late, the newest first. */
export function changesPart(changes: readonly Change[]): Markup {
  if (changes.length === 0) return html`<p class="quiet">Nothing in the last hour.</p>`;
  return html`<ol class="changes" reversed>${changes.map(lineOf)}</ol>`;
}

function lineOf({ time, kind, id, name, what, action = what, attributes = {} }: Change): Markup {
  const own = named(name ?? attributes.name ?? id.slice(0, 12));
  const { containerName } = attributes;
  const words =
    kind === "endpoint"
      ? html`network ${own} <b>${action}</b> ${named(containerName ?? "")}`
      : html`${kind} ${own} <b>${action}</b>`;
  return html`<li><time datetime="${time}">${time.slice(11, 19)}</time> ${words}</li>`;
}

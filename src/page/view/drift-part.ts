import { driftLines } from "../../presenters/drift-lines.js";
import { planText } from "../../presenters/plan.js";
import type { Look } from "../host/seen.js";
import { html, type Markup } from "./html.js";

/** Lines that are shown, and characters of a plan; the command line has them all. */
const most = 100;
const mostCharacters = 20_000;

/** What differs from what tsd made, and what would be done about it. */
export function driftPart({ drifts, steps }: Look): Markup {
  if (drifts.length === 0) return html`<p class="good">Everything is as tsd made it.</p>`;
  const lines = drifts.slice(0, most).map((drift) => html`<li>${driftLines([drift]).trimEnd()}</li>`);
  const more = drifts.length - lines.length;
  const rest = more > 0 ? html`<p class="quiet">and ${more} more: <code>tsd check</code></p>` : undefined;
  return html`<ul class="drifts">${lines}</ul>${rest}<h3>What <code>tsd reload</code> would do</h3>${planOf(steps)}`;
}

function planOf(steps: Look["steps"]): Markup {
  const all = planText(steps).trimEnd().split("\n");
  let characters = 0;
  const shown = all.slice(0, most).filter((line) => {
    characters += line.length;
    return characters <= mostCharacters;
  });
  const more = all.length - shown.length;
  const rest =
    more > 0 ? html`<p class="quiet">and ${more} more lines: <code>tsd reload --dry-run</code></p>` : undefined;
  return html`<pre class="plan">${shown.join("\n")}</pre>${rest}`;
}

/** A word for the head of the page. */
export function healthPart({ drifts }: Look): Markup {
  const { length } = drifts;
  if (length === 0) return html`<span class="good">as tsd made it</span>`;
  return html`<a class="bad" href="#drift">${length === 1 ? "1 difference" : `${length} differences`}</a>`;
}

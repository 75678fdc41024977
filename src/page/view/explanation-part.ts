import type { Explanation, Hop, Verdict } from "../../api/index.js";
import { faultsOf } from "../../presenters/explanation.js";
import { html, type Markup, named } from "./html.js";

export interface Question {
  readonly from: string;
  readonly to: string;
  /** How both are called, where they are asked about by ids. */
  readonly names?: { readonly from: string; readonly to: string };
  /** What else could be asked of the same two. */
  readonly others: readonly string[];
}

/** What becomes of a packet, hop by hop, with the rule of each, and the one that decides. */
export function explanationPart(question: Question, { named: found, hops, verdict, cautions }: Explanation): Markup {
  const last = hops.length - 1;
  return html`${verdictOf(question, verdict)}${othersOf(question)}
${found && html`<p class="quiet">${sentence(found)}</p>`}
<ol class="hops">${hops.map((hop, index) => hopOf(hop, !verdict.reaches && index === last))}</ol>
${cautions.map((caution) => html`<p class="caution"><b>Caution:</b> ${caution}</p>`)}`;
}

function verdictOf({ from, to, names = { from, to } }: Question, verdict: Verdict): Markup {
  const { why, hint } = verdict;
  return html`<div class="verdict ${kindOf(verdict)}" data-from="${from}" data-to="${to}">
<p class="answer">${named(names.from)} ${verdictWords(verdict)} ${named(names.to)}</p>
${placeOf(verdict)}<p>${sentence(why)}</p>${hint && html`<p><b>Hint:</b> ${hint}</p>`}
</div>`;
}

function othersOf({ from, to, others }: Question): Markup | undefined {
  const links = others
    .filter((other) => other !== to)
    .map((other) => html`<a href="?${new URLSearchParams({ from, to: other }).toString()}">${other}</a> `);
  return links.length === 0 ? undefined : html`<p class="others">Or ask for ${links}</p>`;
}

function hopOf(hop: Hop, decides: boolean): Markup {
  const { place, what, by } = hop;
  const faults = faultsOf(hop).map((fault) => html`<span class="bad">but ${fault}</span>`);
  return html`<li${decides ? html` class="decides"` : undefined}><b class="word">${place}</b><span>${what}</span>${by && html`<code>${by}</code>`}${faults}</li>`;
}

function kindOf({ reaches, unknown }: Verdict): string {
  if (unknown) return "unknown";
  return reaches ? "reached" : "refused";
}

function verdictWords({ reaches, unknown }: Verdict): string {
  if (unknown) return "may reach";
  return reaches ? "reaches" : "does not reach";
}

function placeOf({ reaches, server, at, seenAs }: Verdict): Markup | undefined {
  if (!reaches || at === undefined) return undefined;
  return html`<p>${server} at <code>${at}</code>${seenAs && html`, which sees <code>${seenAs}</code>`}</p>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

/** What could not be asked, and why. */
export function failurePart(message: string, hint: string | undefined): Markup {
  return html`<div class="verdict refused"><p class="answer">${sentence(message)}</p>${hint && html`<p>${hint}</p>`}</div>`;
}

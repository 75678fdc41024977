import type { Explanation, Hop, Verdict } from "../../api/index.js";
import { driftWords } from "../../presenters/explanation.js";
import { html, type Markup, named } from "./html.js";

export interface Question {
  readonly from: string;
  readonly to: string;
  /** What else could be asked of the same two. */
  readonly others: readonly string[];
}

/** What becomes of a packet, hop by hop, with the rule of each, and the one that decides. */
export function explanationPart(
  { from, to, others }: Question,
  { named: found, hops, verdict, cautions }: Explanation,
): Markup {
  const { reaches, hint } = verdict;
  const last = hops.length - 1;
  const more = others.filter((other) => other !== to);
  return html`<div class="verdict ${kindOf(verdict)}" data-from="${from}" data-to="${to}"><p class="answer">${named(from)} ${verdictWords(verdict)} ${named(to)}</p>${placeOf(verdict)}<p>${sentence(verdict.why)}</p>${hint === undefined ? undefined : html`<p><b>Hint:</b> ${hint}</p>`}</div>
${more.length === 0 ? undefined : html`<p class="others">Or ask for ${more.map((other) => html`<a href="?from=${encodeURIComponent(from.toWellFormed())}&amp;to=${encodeURIComponent(other.toWellFormed())}">${other}</a> `)}</p>`}${found === undefined ? undefined : html`<p class="quiet">${sentence(found)}</p>`}<ol class="hops">${hops.map((hop, index) => hopOf(hop, !reaches && index === last))}</ol>${cautions.map((caution) => html`<p class="caution"><b>Caution:</b> ${caution}</p>`)}`;
}

function hopOf({ place, what, by, drifts = [], amiss }: Hop, decides: boolean): Markup {
  const wrong = [...drifts.map(driftWords), ...(amiss === undefined ? [] : [amiss])];
  return html`<li${decides ? html` class="decides"` : undefined}><b class="word">${place}</b><span>${what}</span>${by === undefined ? undefined : html`<code>${by}</code>`}${wrong.map((words) => html`<span class="bad">but ${words}</span>`)}</li>`;
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
  return html`<p>${server} at <code>${at}</code>${seenAs === undefined ? undefined : html`, which sees <code>${seenAs}</code>`}</p>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

/** What could not be asked, and why. */
export function failurePart(message: string, hint: string | undefined): Markup {
  return html`<div class="verdict refused"><p class="answer">${sentence(message)}</p>${hint === undefined ? undefined : html`<p>${hint}</p>`}</div>`;
}

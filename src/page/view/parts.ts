import type { Part, Seen } from "../host/seen.js";
import { changesPart } from "./changes-part.js";
import { driftPart, healthPart } from "./drift-part.js";
import { html, type Markup } from "./html.js";
import { mapPart } from "./map-part.js";
import { trafficPart } from "./traffic-part.js";

/** What of the page is replaced as it changes, by the id of its element, and what it is made from. */
const makers = {
  fault: { from: "look", make: ({ fault }: Seen) => fault && faultPart(fault) },
  health: { from: "look", make: ({ look }: Seen) => look && healthPart(look) },
  map: { from: "look", make: ({ look }: Seen) => look && mapPart(look.map) },
  drift: { from: "look", make: ({ look }: Seen) => look && driftPart(look) },
  traffic: { from: "traffic", make: ({ look, traffic }: Seen) => look && trafficPart(traffic, look.map) },
  changes: { from: "changes", make: ({ changes }: Seen) => changesPart(changes) },
} as const satisfies Readonly<
  Record<string, { readonly from: Part; readonly make: (seen: Seen) => Markup | string | undefined }>
>;

export type Parts = Readonly<Record<keyof typeof makers, Markup>>;

export function partsOf(seen: Seen): Parts {
  return partsFrom(["look", "traffic", "changes"], seen) as Parts;
}

/** Those that are made from what has changed. */
export function partsFrom(changed: readonly Part[], seen: Seen): Partial<Parts> {
  const made = Object.entries(makers).filter(([, { from }]) => changed.includes(from));
  return Object.fromEntries(made.map(([name, { make }]) => [name, html`${make(seen)}`]));
}

function faultPart(fault: string): Markup {
  return html`<p class="verdict refused">The host could not be looked at: ${fault}</p>`;
}

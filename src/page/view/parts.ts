import type { Seen } from "../host/seen.js";
import { changesPart } from "./changes-part.js";
import { driftPart, healthPart } from "./drift-part.js";
import { html, type Markup } from "./html.js";
import { mapPart } from "./map-part.js";
import { trafficPart } from "./traffic-part.js";

/** What of the page is replaced as it changes, by the id of its element. */
export type Parts = Readonly<Record<"fault" | "health" | "map" | "drift" | "traffic" | "changes", Markup>>;

const nothing = html``;

export function partsOf({ look, traffic, changes, fault }: Seen): Parts {
  return {
    fault:
      fault === undefined ? nothing : html`<p class="verdict refused">The host could not be looked at: ${fault}</p>`,
    health: look === undefined ? nothing : healthPart(look),
    map: look === undefined ? nothing : mapPart(look.map),
    drift: look === undefined ? nothing : driftPart(look),
    traffic: look === undefined ? nothing : trafficPart(traffic, look.map),
    changes: changesPart(changes),
  };
}

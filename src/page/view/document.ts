import { html, type Markup } from "./html.js";
import type { Parts } from "./parts.js";

export interface Reach {
  readonly from: string;
  readonly to: string;
  /** What came of it; absent before anything was asked. */
  readonly result?: Markup;
}

/** The whole page. Without its script it is as the host was when it was asked for. */
export function documentOf(host: string, parts: Parts, { from, to, result }: Reach): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${host} · tsd</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="page.css">
<script src="page.js" defer></script>
</head>
<body>
<a class="skip" href="#reach">Go on to who reaches whom</a>
<header><h1><bdi class="word">${host}</bdi></h1><p id="health" role="status">${parts.health}</p><p id="state" role="status">as it was when this page was loaded</p></header>
<main>
<div id="fault" role="alert">${parts.fault}</div>
<section aria-labelledby="networks"><h2 id="networks">Networks</h2><p id="choice" class="quiet" role="status"></p><div id="map">${parts.map}</div></section>
<div class="columns">
<div>
<section id="reach" aria-labelledby="reaches"><h2 id="reaches">Who reaches whom</h2>
<form method="get" action="./"><label>From <input name="from" list="parties" value="${from}" required maxlength="300" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="web, outside, host"></label><label>To <input name="to" list="parties" value="${to}" required maxlength="300" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="db:5432"></label><button type="submit">Explain</button></form>
<div id="explanation" aria-live="polite">${result}</div></section>
<section aria-labelledby="rates"><h2 id="rates">Traffic</h2><div id="traffic">${parts.traffic}</div></section>
</div>
<div>
<section id="drifts" aria-labelledby="differences"><h2 id="differences">Differences</h2><div id="drift">${parts.drift}</div></section>
<section aria-labelledby="happened"><h2 id="happened">Events</h2><div id="changes">${parts.changes}</div></section>
</div>
</div>
</main>
<footer class="quiet">This page changes nothing on the host, except that it finishes or undoes what commands that died left. Times are UTC.</footer>
</body>
</html>
`.text;
}

import type { HostMap } from "../../api/index.js";
import { byteSize } from "../../presenters/byte-size.js";
import { networkHue } from "../../presenters/map/network-hue.js";
import { hostPort } from "../../presenters/port-list.js";
import type { NetworkRates, PortRates, TrafficRates } from "../host/traffic-meter.js";
import { html, type Markup, named } from "./html.js";

/** Ports that are shown, the busiest first. */
const mostPorts = 50;
/** Pixels of the line that shows the last minutes. */
const line = { width: 120, height: 24 };

export function trafficPart({ networks, ports }: TrafficRates, map: HostMap): Markup {
  return html`${networkTable(networks, map)}${portTable(ports)}`;
}

function networkTable(networks: readonly NetworkRates[], map: HostMap): Markup {
  const rows = map.networks.map(({ id, name }) => {
    const rates = networks.find((one) => one.name === name);
    return html`<tr><th scope="row"><span class="swatch" data-hue="${networkHue(id)}"></span>${named(name)}</th><td data-of="To containers" class="number">${perSecond(rates?.received ?? 0)}</td><td data-of="From containers" class="number">${perSecond(rates?.sent ?? 0)}</td><td class="line">${rates === undefined ? undefined : lineOf(rates.history, networkHue(id))}</td></tr>`;
  });
  if (rows.length === 0) return html`<p class="quiet">No networks yet.</p>`;
  return html`<table><caption>By network</caption><thead><tr><th scope="col">Network</th><th scope="col" class="number">To containers</th><th scope="col" class="number">From containers</th><th scope="col"><span class="unseen">Of late</span></th></tr></thead><tbody>${rows}</tbody></table>`;
}

function lineOf(history: readonly number[], hue: number): Markup | undefined {
  if (history.length < 2) return undefined;
  const { width, height } = line;
  const highest = Math.max(1, ...history);
  const step = width / 59;
  const from = width - (history.length - 1) * step;
  const points = history.map((rate, index) => {
    const y = height - 2 - (rate / highest) * (height - 4);
    return `${(from + index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true" data-hue="${hue}"><polyline points="${points.join(" ")}"/></svg>`;
}

function portTable(ports: readonly PortRates[]): Markup | undefined {
  if (ports.length === 0) return undefined;
  const busiest = ports.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, mostPorts);
  const rows = busiest.map(({ owner, port, received, sent }) => {
    const at = hostPort(port.hostIp ?? "0.0.0.0", String(port.hostPort));
    return html`<tr><th scope="row"><code>${at}/${port.protocol}</code></th><td data-of="Container">${named(owner)} <code>:${port.containerPort}</code></td><td data-of="Connections" class="number">${port.connections}</td><td data-of="In" class="number">${perSecond(received)}</td><td data-of="Out" class="number">${perSecond(sent)}</td></tr>`;
  });
  const more = ports.length - busiest.length;
  const rest = more > 0 ? html`<p class="quiet">and ${more} more: <code>tsd stats --ports</code></p>` : undefined;
  const isCounted = ports.some(({ port }) => port.received !== undefined);
  const note = isCounted
    ? undefined
    : html`<p class="quiet">The kernel counts bytes of connections only where <code>net.netfilter.nf_conntrack_acct</code> is 1.</p>`;
  return html`<table><caption>By published port</caption><thead><tr><th scope="col">Published at</th><th scope="col">Container</th><th scope="col" class="number">Connections</th><th scope="col" class="number">In</th><th scope="col" class="number">Out</th></tr></thead><tbody>${rows}</tbody></table>${rest}${note}`;
}

function weightOf({ received = 0, sent = 0, port }: PortRates): number {
  return received + sent + port.connections;
}

function perSecond(rate: number | undefined): string {
  return rate === undefined ? "–" : `${byteSize(Math.round(rate))}/s`;
}

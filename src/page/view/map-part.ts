import type { HostMap, MapStack } from "../../api/index.js";
import { mapSvg } from "../../presenters/map/map-svg.js";
import { isOff, portWords, stackName, stackState } from "../../presenters/map/map-words.js";
import { networkHue } from "../../presenters/map/network-hue.js";
import { stackKey } from "../../presenters/map/stack-box.js";
import { html, Markup, named } from "./html.js";
import { partiesOf } from "./parties.js";

/** The picture, the same as a table, and who can be asked about. */
export function mapPart(map: HostMap): Markup {
  return html`<div class="picture">${new Markup(mapSvg(map))}</div>
<datalist id="parties">${partiesOf(map).map(({ word, name, key }) => html`<option value="${word}" label="${name}" data-key="${key}"></option>`)}</datalist>
<details><summary>The same as a list</summary>${listOf(map)}</details>`;
}

function listOf(map: HostMap): Markup {
  if (map.stacks.length === 0) return html`<p class="quiet">No containers yet.</p>`;
  const rows = map.stacks.map((stack) => rowOf(stack, map));
  return html`<div class="wide"><table><thead><tr><th scope="col">Container</th><th scope="col">State</th><th scope="col">Networks</th><th scope="col">Published ports</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function rowOf(stack: MapStack, { networks }: HostMap): Markup {
  const names = [stackName(stack), ...stack.containers.slice(1).map(({ name }) => `+ ${name}`)];
  const attached = stack.attachments.map(({ networkId, addresses }) => {
    const name = networks.find(({ id }) => id === networkId)?.name ?? networkId;
    return html`<li><span class="swatch" data-hue="${networkHue(networkId)}"></span>${named(name)} <code>${addresses.join(" ")}</code></li>`;
  });
  const ports = portWords(stack.attachments).map((port) => html`<li><code>${port}</code></li>`);
  return html`<tr${isOff(stack) ? html` class="faded"` : undefined} data-row="${stackKey(stack)}"><th scope="row">${names.map((name) => html`<div>${named(name)}</div>`)}</th><td data-of="State">${stackState(stack)}</td><td data-of="Networks"><ul>${attached}</ul></td><td data-of="Ports"><ul>${ports}</ul></td></tr>`;
}

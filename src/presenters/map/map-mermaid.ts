import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapNetwork, MapStack } from "../../api/index.js";
import { printable } from "../../errors/printable.js";
import { isOff, isOnHost, networkLines, portWords, stackWords, worldLines } from "./map-words.js";
import { networkHue } from "./network-hue.js";

/** Text for Mermaid, which code hosts draw in Markdown: a flowchart of the world, networks and containers. */
export function mapMermaid(map: HostMap): string {
  const numbers = new Map(map.networks.map(({ id }, index) => [id, index]));
  return [
    "flowchart LR",
    `  world([${label(worldLines(map))}])`,
    ...map.networks.flatMap(linesOfNetwork),
    ...map.stacks.flatMap((stack, index) => linesOfStack(stack, index, numbers)),
    "  classDef drift stroke:#d92d20,stroke-width:3px",
    "  classDef off stroke-dasharray:4 3,opacity:0.5",
    "  classDef elsewhere stroke-dasharray:4 3",
    "",
  ].join("\n");
}

function linesOfNetwork(network: MapNetwork, index: number): readonly string[] {
  const { id, traits, drifts } = network;
  return [
    `  n${index}[${label(networkLines(network))}]`,
    `  style n${index} stroke:hsl(${networkHue(id)},60%,45%)`,
    ...(traits.includes("internal") ? [] : [`  world --- n${index}`]),
    ...(drifts.length > 0 ? [`  class n${index} drift`] : []),
  ];
}

function linesOfStack(stack: MapStack, index: number, numbers: ReadonlyMap<string, number>): readonly string[] {
  const { attachments, drifts, elsewhere } = stack;
  const ports = portWords(attachments);
  return [
    `  c${index}[${label(stackWords(stack))}]`,
    ...attachments.flatMap(({ networkId, addresses }) => {
      const network = numbers.get(networkId);
      const text = addresses.length === 0 ? "" : `|${label(addresses.map(withoutPrefix))}|`;
      return network === undefined ? [] : [`  n${network} ---${text} c${index}`];
    }),
    ...(isOnHost(stack) ? [`  world --- c${index}`] : []),
    ...(ports.length === 0 ? [] : [`  world -.->|${label(ports)}| c${index}`]),
    ...(drifts.length > 0 ? [`  class c${index} drift`] : []),
    ...(isOff(stack) ? [`  class c${index} off`] : []),
    ...(elsewhere === undefined ? [] : [`  class c${index} elsewhere`]),
  ];
}

/** A quoted text, a line each; marks that mean something to Mermaid are written as entities of its own, by number. */
function label(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    printable(line.toWellFormed()).replace(/[^\p{L}\p{M}\p{N} .:/+,=→_-]/gu, (mark) => `#${mark.codePointAt(0)};`),
  );
  return `"${escaped.join("<br>")}"`;
}

import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapNetwork, MapStack } from "../../api/index.js";
import { printable } from "../../errors/printable.js";
import { isOff, isOnHost, networkLines, portWords, stackWords, worldLines } from "./map-words.js";
import { networkHue } from "./network-hue.js";

/** Text for Graphviz (dot(1)): the world, networks and containers as nodes, attachments and published ports as edges. */
export function mapDot(map: HostMap): string {
  const numbers = new Map(map.networks.map(({ id }, index) => [id, index]));
  return [
    "graph tsd {",
    "  rankdir=LR;",
    '  node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"];',
    '  edge [fontname="monospace" fontsize=10];',
    `  world [label=${label(worldLines(map))} fillcolor="#eeeeee"];`,
    ...map.networks.map((network, index) => `  n${index} [${networkAttributes(network)}];`),
    ...map.networks.flatMap(({ traits }, index) => (traits.includes("internal") ? [] : [`  world -- n${index};`])),
    ...map.stacks.flatMap((stack, index) => linesOfStack(stack, index, numbers)),
    "}",
    "",
  ].join("\n");
}

function networkAttributes(network: MapNetwork): string {
  const { id, drifts } = network;
  const hue = (networkHue(id) / 360).toFixed(3);
  const drift = drifts.length > 0 ? ' color="red"' : "";
  return `label=${label(networkLines(network))} fillcolor="${hue} 0.150 0.980"${drift}`;
}

function linesOfStack(stack: MapStack, index: number, numbers: ReadonlyMap<string, number>): readonly string[] {
  const { attachments, drifts, elsewhere } = stack;
  const isDashed = isOff(stack) || elsewhere !== undefined;
  const look = [
    ...(drifts.length > 0 ? [' color="red"'] : []),
    ...(isDashed ? [' style="rounded,dashed"'] : []),
    ...(isOff(stack) ? [' fontcolor="gray"'] : []),
  ].join("");
  const ports = portWords(attachments);
  return [
    `  c${index} [label=${label(stackWords(stack))}${look}];`,
    ...attachments.flatMap(({ networkId, addresses }) => {
      const network = numbers.get(networkId);
      return network === undefined
        ? []
        : [`  n${network} -- c${index} [label=${label(addresses.map(withoutPrefix))}];`];
    }),
    ...(isOnHost(stack) ? [`  world -- c${index};`] : []),
    ...(ports.length === 0
      ? []
      : [`  world -- c${index} [label=${label(ports)} color="red" style="dashed" dir="forward"];`]),
  ];
}

/** A quoted string of the DOT language, a line each. */
function label(lines: readonly string[]): string {
  return `"${lines.map((line) => printable(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join("\\n")}"`;
}

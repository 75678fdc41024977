import type { HostMap, MapNetwork, MapStack } from "../../api/index.js";
import type { Style } from "../../errors/colours.js";
import { printable } from "../../errors/printable.js";
import { cutStyled } from "../columns.js";
import { driftLines } from "../drift-lines.js";
import type { Look } from "../look.js";
import { driverWords, guestsOf, isOff, isOnHost, modeWords, portWords, stackName, stackState } from "./map-words.js";
import { networkHue } from "./network-hue.js";

/** Colours of a terminal that are no verdict's. */
const hues: readonly Style[] = ["blue", "magenta", "cyan"];

interface Branch {
  readonly text: string;
  readonly below: readonly Branch[];
}

/** The world, its networks and who is on them, as a tree; a container on several networks is below each. */
export function mapTree(map: HostMap, look: Look): string {
  const apart = map.stacks.filter(({ attachments }) => attachments.length === 0);
  const branches = [
    ...map.drifts.map((drift) => leaf(look.paint(driftLines([drift]).trimEnd(), "red"))),
    ...map.networks.map((network) => networkBranch(network, map, look)),
    ...apart.filter(isOnHost).map((stack) => stackBranch(stack, [], look)),
  ];
  const outside = apart.filter((stack) => !isOnHost(stack));
  const uplinks = map.uplinks.map(({ name, addresses }) => [name, ...addresses].join(" "));
  const world = `${look.paint(printable(map.host), "bold")}  ${look.paint(printable(uplinks.join(", ") || "no way out"), "dim")}`;
  const lines = [
    world,
    ...draw(branches, ""),
    ...outside.flatMap((stack) => {
      const { text, below } = stackBranch(stack, [], look);
      return [text, ...draw(below, "")];
    }),
  ];
  return `${lines.map((line) => cutStyled(line, look.width)).join("\n")}\n`;
}

function networkBranch(network: MapNetwork, { stacks }: HostMap, look: Look): Branch {
  const { id, name, subnets, traits, drifts } = network;
  const style = hues[networkHue(id) % hues.length] ?? "blue";
  const about = [...subnets, driverWords(network), ...traits].map(printable).join("  ");
  return {
    text: `${look.paint(printable(name), style)}  ${look.paint(about, "dim")}`,
    below: [
      ...driftLeaves(drifts, look),
      ...stacks.flatMap((stack) => {
        const own = stack.attachments.filter(({ networkId }) => networkId === id);
        return own.length === 0 ? [] : [stackBranch(stack, own, look)];
      }),
    ],
  };
}

function stackBranch(stack: MapStack, own: MapStack["attachments"], look: Look): Branch {
  const mode = modeWords(stack);
  const name = printable(stackName(stack));
  const state = stackState(stack);
  const addresses = own.flatMap((one) => one.addresses.map((address) => address.split("/")[0] ?? address));
  const text = [
    isQuiet(stack) ? look.paint(name, "dim") : look.paint(name, "bold"),
    ...addresses,
    ...(state === "running" ? [] : [look.paint(printable(state), isQuiet(stack) ? "dim" : "yellow")]),
    ...(mode === undefined ? [] : [look.paint(mode, "dim")]),
    ...guestsOf(stack).map((guest) => look.paint(`+ ${printable(guest)}`, "dim")),
    ...portWords(own).map((port) => look.paint(port, "yellow")),
  ].join("  ");
  return { text, below: driftLeaves(stack.drifts, look) };
}

/** It is not on this host, or holds nothing there. */
function isQuiet(stack: MapStack): boolean {
  return isOff(stack) || stack.elsewhere !== undefined;
}

function driftLeaves(drifts: Parameters<typeof driftLines>[0], look: Look): readonly Branch[] {
  return drifts.map((drift) => leaf(look.paint(`drift: ${driftLines([drift]).trimEnd()}`, "red")));
}

function leaf(text: string): Branch {
  return { text, below: [] };
}

function draw(branches: readonly Branch[], indent: string): readonly string[] {
  return branches.flatMap(({ text, below }, index) => {
    const isLast = index === branches.length - 1;
    return [`${indent}${isLast ? "└─ " : "├─ "}${text}`, ...draw(below, `${indent}${isLast ? "   " : "│  "}`)];
  });
}

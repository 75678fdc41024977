import type { Resource, Step } from "../../src/api/index.js";
import type { Namespace } from "../support/lab/namespace.js";
import { goesWith, linesInside } from "./inside-namespaces.js";

/** What a change adds, and what it takes away, a line each. */
interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Rules of iptables, of whichever variant, in both families. */
export async function rulesOfIptables(host: Namespace): Promise<readonly string[]> {
  const texts = await Promise.all(
    ["iptables", "ip6tables"].map(async (program) => {
      const { stdout } = await host.run([`${program}-save`]);
      return stdout.split("\n").flatMap((line) => (line.startsWith("-A ") ? [`${program} ${line}`] : []));
    }),
  );
  return texts.flat();
}

/** How two states differ, as far as a plan lists it one by one; other lines the kernel derives by itself. */
export function seen(before: readonly string[], after: readonly string[]): Difference {
  const [old, now] = [new Set(before.flatMap(toldLine)), new Set(after.flatMap(toldLine))];
  return named({
    added: [...now].filter((line) => !old.has(line)),
    removed: [...old].filter((line) => !now.has(line)),
  });
}

/** How a plan changes the state `before`. */
export function foreseen(steps: readonly Step[], before: readonly string[]): Difference {
  const old = new Set(before.flatMap(toldLine));
  const now = new Set(old);
  for (const step of steps) {
    if (step.verb !== "run") for (const resource of step.resources) change(now, step, resource);
    for (const words of step.sends) send(now, words);
  }
  return named({
    added: [...now].filter((line) => !old.has(line)),
    removed: [...old].filter((line) => !now.has(line)),
  });
}

/** Ids and names made of them differ from run to run. */
function named({ added, removed }: Difference): Difference {
  const tidy = (lines: readonly string[]) =>
    lines.map((line) => line.replace(/(?<![0-9a-z])(veth|br-)?[0-9a-f]{11,64}\b/g, "$1ID")).sort();
  return { added: tidy(added), removed: tidy(removed) };
}

/** A line of the residue in the words of a plan; nothing for what plans do not tell of. */
function toldLine(line: string): readonly string[] {
  const [kind = "", word = "", ...rest] = line.split(" ");
  if (kind === "inside") return [line];
  if (kind === "link") return [`link ${word}`];
  if (kind === "address" || /^ip6?tables$/.test(kind)) return [line];
  if (kind === "mount") return word === "overlay" || word === "nsfs" ? [line] : [];
  if (kind === "file")
    return /\/(sandboxes|netns)\/|\/root\/containers\/\w+\/((upper|work|rootfs)\/)?$/.test(word) ? [line] : [];
  if (kind !== "nft" || word !== "element") return [];
  const [family, table, set, ...json] = rest;
  return table === "tsd" && family === "inet" ? [elementLine(set ?? "", JSON.parse(json.join(" ")))] : [];
}

/** What a step's resources are in the residue of the host. */
function change(now: Set<string>, { verb, sends }: Step, resource: Resource): void {
  // A veth goes with the namespace of its other end; everything else goes when something is sent.
  if (sends.length === 0 && !(verb === "remove" && resource.kind === "link")) return;
  for (const line of [...linesOf(resource), ...linesInside(resource)])
    verb === "make" ? now.add(line) : now.delete(line);
  if (verb === "remove") for (const line of now) if (goesWith(resource, line)) now.delete(line);
}

function linesOf(resource: Resource): readonly string[] {
  if ("netns" in resource && resource.netns !== undefined) return [];
  switch (resource.kind) {
    case "link":
      return [`link ${resource.name}`];
    case "address":
      // The kernel gives links such addresses by itself, and the residue is without them.
      if (resource.address.startsWith("fe80:")) return [];
      return [`address ${resource.address} on ${resource.link}`];
    case "netns":
      return [`file ${resource.path}`, `mount nsfs on ${resource.path}`];
    case "overlay":
      return [`mount overlay on ${resource.path}`];
    case "file":
      return [`file ${resource.path}`];
    case "directory":
      return [`file ${resource.path}/`];
    default:
      return [];
  }
}

function send(now: Set<string>, words: string): void {
  const [command = "", ...lines] = words.split("\n").slice(0, -1);
  if (command.startsWith("nft -j ")) for (const one of JSON.parse(lines.join("")).nftables) sendElements(now, one);
  if (command.startsWith("nft -f ") && lines.includes("delete table inet tsd")) drop(now, /^nft element /);
  const program = /^(ip6?tables)\S*-restore /.exec(command)?.[1];
  if (program !== undefined) for (const line of lines) restore(now, program, line);
}

type ElementCommand = Readonly<Record<string, { readonly element?: { name: string; elem: readonly unknown[] } }>>;

/** `add` only compares what is there before it is deleted. */
function sendElements(now: Set<string>, command: ElementCommand): void {
  const { create, delete: doomed } = command;
  for (const entry of create?.element?.elem ?? []) now.add(elementLine(create?.element?.name ?? "", entry));
  for (const key of doomed?.element?.elem ?? []) {
    const start = `nft element ${doomed?.element?.name} ${JSON.stringify(key)} `;
    for (const line of now) if (line.startsWith(start)) now.delete(line);
  }
}

/** Its key, then its data and its owner; libnftables-json(5). */
function elementLine(set: string, entry: unknown): string {
  const [left, data] = Array.isArray(entry) ? entry : [entry];
  const { val, comment } = left.elem;
  return `nft element ${set} ${JSON.stringify(val)} to ${JSON.stringify(data)} of ${comment}`;
}

function restore(now: Set<string>, program: string, line: string): void {
  const [verb, chain] = line.split(" ");
  const rule = `${program} ${line.replace(/^-./, "-A")}`;
  if (verb === "-A" || verb === "-I") now.add(rule);
  if (verb === "-D") now.delete(rule);
  if (verb === "-F") drop(now, new RegExp(`^${program} -A ${chain} `));
}

function drop(now: Set<string>, pattern: RegExp): void {
  for (const line of now) if (pattern.test(line)) now.delete(line);
}

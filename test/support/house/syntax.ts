/** A node of the tree that @swc/core reads a source into; see @swc/types. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Calls `see` with each node below and at `node`, and the calls that it is part of, the nearest first. */
export function walk(
  node: unknown,
  see: (node: Node, within: readonly Node[]) => void,
  within: readonly Node[] = [],
): void {
  if (Array.isArray(node)) for (const item of node) walk(item, see, within);
  else if (isNode(node)) {
    if (typeof node.type === "string") see(node, within);
    const inside = node.type === "CallExpression" ? [node, ...within] : within;
    for (const value of Object.values(node)) walk(value, see, inside);
  }
}

/** What an object literal gives a name; undefined where it gives it nothing. */
export function property(object: Node, name: string): Node | undefined {
  for (const item of nodes(object.properties)) {
    if (item.type === "Identifier" && item.value === name) return item;
    if (item.type === "KeyValueProperty" && isNode(item.key) && item.key.value === name && isNode(item.value))
      return item.value;
  }
  return undefined;
}

/** The arguments of a call. */
export function argumentsOf(call: Node): readonly Node[] {
  return nodes(call.arguments)
    .map(({ expression }) => expression)
    .filter(isNode);
}

/** The name of the function that a call names, be it a method's; undefined for any other call. */
export function calleeOf({ callee }: Node): string | undefined {
  return isNode(callee) && callee.type === "Identifier" ? String(callee.value) : undefined;
}

export function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

import { parseSync } from "@swc/core";

/** A module that a file imports; `atRunTime` for `import()` and its kin, which may lead back without a cycle at load. */
export interface Import {
  readonly module: string;
  readonly atRunTime: boolean;
}

/**
 * Every module that a TypeScript source names: imports and exports, of types too, `import()` of values and of types, and
 * `process.getBuiltinModule`.
 */
export function importsOf(source: string): readonly Import[] {
  const found: Import[] = [];
  visit(parseSync(source, { syntax: "typescript", target: "esnext" }), found);
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function visit(node: unknown, found: Import[]): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found);
  } else if (isNode(node)) {
    const imported = importIn(node);
    if (imported !== undefined) found.push(imported);
    for (const value of Object.values(node)) visit(value, found);
  }
}

/** See the node types of @swc/types. */
function importIn(node: Node): Import | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return named(node.source, false);
    case "TsImportType":
      return named(node.argument, false);
    case "CallExpression":
      return calls(node.callee) ? named(firstArgument(node), true) : undefined;
    default:
      return undefined;
  }
}

function calls(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Import") return true;
  return callee.type === "MemberExpression" && isNode(callee.property) && callee.property.value === "getBuiltinModule";
}

function firstArgument(call: Node): unknown {
  const [first] = Array.isArray(call.arguments) ? call.arguments : [];
  return isNode(first) ? first.expression : undefined;
}

function named(literal: unknown, atRunTime: boolean): Import | undefined {
  if (!isNode(literal) || typeof literal.value !== "string") return undefined;
  return { module: literal.value, atRunTime };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { isNode, type Node, nodes } from "./syntax.js";

/** What an expression of texts can be: one for each way through its conditions, values as `<name>`, longer parts as `…`. */
export function shapesOf(expression: Node | undefined, constants: ReadonlyMap<string, Node>): readonly string[] {
  switch (expression?.type) {
    case "StringLiteral":
      return [String(expression.value)];
    case "TemplateLiteral":
      return [template(expression)];
    case "ConditionalExpression":
      return [expression.consequent, expression.alternate].filter(isNode).flatMap((way) => shapesOf(way, constants));
    case "Identifier": {
      const constant = constants.get(String(expression.value));
      return constant === undefined ? [] : shapesOf(constant, constants);
    }
    default:
      return [];
  }
}

function template({ quasis, expressions }: Node): string {
  const values = nodes(expressions).map(placeholder);
  const parts = nodes(quasis).map(({ cooked }, at) => `${cooked}${values[at] ?? ""}`);
  return parts.join("").replaceAll(/…+/g, "…");
}

/** The last name of a value: `<path>` for `options.path`, `path`, `print(path)` and `path.join("/")`. */
function placeholder(value: unknown): string {
  if (!isNode(value)) return "…";
  switch (value.type) {
    case "Identifier":
      return `<${value.value}>`;
    case "MemberExpression":
      return isNode(value.property) && value.property.type === "Identifier"
        ? placeholder(value.property)
        : placeholder(value.object);
    case "CallExpression":
      return called(value);
    case "OptionalChainingExpression":
      return placeholder(value.base);
    default:
      return "…";
  }
}

/** What a call is about: what it is given, but for constant words, or what it is a method of. */
function called({ callee, arguments: given }: Node): string {
  const [value] = nodes(given)
    .map(({ expression }) => expression)
    .filter((expression) => !isNode(expression) || expression.type !== "StringLiteral");
  const receiver = isNode(callee) && callee.type === "MemberExpression" ? callee.object : undefined;
  return placeholder(value ?? receiver);
}

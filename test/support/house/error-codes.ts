import { parseSync } from "@swc/core";
import type { ErrorKind } from "../../../src/api/index.js";
import { shapesOf } from "./message-shape.js";
import type { ProjectFile } from "./project-files.js";
import { argumentsOf, calleeOf, isNode, type Node, nodes, property, walk } from "./syntax.js";

/** See `ErrorKind`; `kind` is a word of resources and rows too. */
const kinds: ReadonlySet<unknown> = new Set<ErrorKind>([
  "invalid-input",
  "not-found",
  "conflict",
  "exhausted",
  "unsupported",
  "permission",
  "kernel",
  "runtime",
  "store",
  "plugin",
]);

/** An error code, and all that sources say with it. */
export interface ErrorCode {
  readonly code: string;
  readonly kinds: readonly string[];
  /** See {@link shapesOf}. Empty where each is put together elsewhere. */
  readonly messages: readonly string[];
}

/** A file that was read for its errors. */
export interface Source {
  readonly path: string;
  readonly tree: Node;
  /** `const` of every block, by name. */
  readonly constants: ReadonlyMap<string, Node>;
}

interface Facts {
  /** Functions that make errors of one kind, whose callers give the code. */
  readonly makers: ReadonlyMap<string, Node>;
  /** What objects that are called `codes` give each name, and the `word` of the thing that has the object. */
  readonly tables: ReadonlyMap<string, readonly Coded[]>;
}

interface Coded {
  readonly code: string;
  /** Stands for `<word>` in messages. */
  readonly word?: string;
}

interface Saying {
  readonly codes: readonly Coded[];
  readonly kinds: readonly string[];
  readonly messages: readonly string[];
}

/** The error codes of sources, sorted. Throws for one that is not written out, since nobody could search for it. */
export function errorCodesOf(sources: readonly Source[]): readonly ErrorCode[] {
  const facts: Facts = { makers: makersIn(sources), tables: tablesIn(sources) };
  const found = new Map<string, { kinds: Set<string>; messages: Set<string> }>();
  for (const { codes, kinds, messages } of sources.flatMap((source) => sayingsIn(source, facts))) {
    codes.forEach(({ code, word = "<word>" }, at) => {
      const entry = found.get(code) ?? { kinds: new Set(), messages: new Set() };
      for (const kind of matching(kinds, codes, at)) entry.kinds.add(kind);
      for (const message of matching(messages, codes, at)) entry.messages.add(message.replaceAll("<word>", word));
      found.set(code, entry);
    });
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { kinds, messages }]) => ({ code, kinds: [...kinds].sort(), messages: [...messages] }));
}

/** Every string of sources that looks like a code, or like the name of a variable. */
export function markedWords(sources: readonly Source[]): readonly string[] {
  const words = new Set<string>();
  for (const { tree } of sources) {
    walk(tree, ({ type, value }) => {
      if (type === "StringLiteral" && /^TSD(_[A-Z0-9]+)+$/.test(String(value))) words.add(String(value));
    });
  }
  return [...words].sort();
}

/** Each file is read once, which takes most of the time. */
export function readSource({ path, text }: ProjectFile): Source {
  const tree = parseSync(text, { syntax: "typescript", target: "esnext" }) as unknown as Node;
  const constants = new Map<string, Node>();
  walk(tree, ({ type, id, init }) => {
    if (type === "VariableDeclarator" && isNode(id) && isNode(init)) constants.set(String(id.value), init);
  });
  return { path, tree, constants };
}

/** `c ? "A" : "B"` for the code goes with `c ? a : b` for the message. */
function matching(values: readonly string[], codes: readonly Coded[], at: number): readonly string[] {
  return codes.length > 1 && values.length === codes.length ? values.slice(at, at + 1) : values;
}

function makersIn(sources: readonly Source[]): ReadonlyMap<string, Node> {
  const makers = new Map<string, Node>();
  for (const { tree } of sources) {
    walk(tree, ({ type, identifier, body }) => {
      if (type !== "FunctionDeclaration" || !isNode(identifier)) return;
      walk(body, (node) => {
        const kind = node.type === "ObjectExpression" ? property(node, "kind") : undefined;
        const code = property(node, "code");
        const isGiven = code === undefined || code.type === "Identifier";
        if (kinds.has(kind?.value) && kind !== undefined && isGiven) makers.set(String(identifier.value), kind);
      });
    });
  }
  return makers;
}

function tablesIn(sources: readonly Source[]): Facts["tables"] {
  const tables = new Map<string, Coded[]>();
  for (const { tree } of sources) {
    walk(tree, (node) => {
      if (node.type !== "ObjectExpression") return;
      const word = String(property(node, "word")?.value);
      for (const { key, value } of nodes(property(node, "codes")?.properties)) {
        if (isNode(key) && isNode(value)) {
          const name = String(key.value);
          tables.set(name, [...(tables.get(name) ?? []), { code: String(value.value), word }]);
        }
      }
    });
  }
  return tables;
}

function sayingsIn(source: Source, { makers, tables }: Facts): readonly Saying[] {
  const sayings: Saying[] = [];
  const say = (code: Node, kind: Node | undefined, message: Node | undefined): void => {
    const codes = codesOf(code, source, tables);
    if (codes.length === 0) return;
    const kinds = shapesOf(kind, source.constants);
    sayings.push({ codes, kinds, messages: shapesOf(message, source.constants) });
  };
  walk(source.tree, (node, within) => {
    if (node.type === "ObjectExpression") {
      const code = property(node, "code");
      const maker = within.map(calleeOf).find((name) => name !== undefined && makers.has(name));
      if (code !== undefined) say(code, property(node, "kind") ?? makers.get(maker ?? ""), property(node, "message"));
    } else if (node.type === "CallExpression" && makers.has(calleeOf(node) ?? "")) {
      const [code, words] = argumentsOf(node);
      const message = words?.type === "ObjectExpression" ? property(words, "message") : words;
      if (code !== undefined) say(code, makers.get(calleeOf(node) ?? ""), message);
    }
  });
  return sayings;
}

function codesOf(code: Node, { path, constants }: Source, tables: Facts["tables"]): readonly Coded[] {
  const pieces = nodes(code.quasis).map(({ cooked }) => cooked);
  if (/[A-Z]_|_[A-Z]/.test(pieces.join()))
    throw new Error(`${path} computes an error code: write out each that it can be`);
  if (code.type === "MemberExpression") return lookedUp(code, constants, tables);
  if (code.type === "Identifier") return [];
  return shapesOf(code, constants)
    .filter((text) => text.startsWith("TSD_"))
    .map((text) => ({ code: text }));
}

/** `codes.absent`, `noun.codes.absent`, or `codes[noun]` of a constant. */
function lookedUp(
  { object, property: key }: Node,
  constants: ReadonlyMap<string, Node>,
  tables: Facts["tables"],
): readonly Coded[] {
  if (!isNode(object) || !isNode(key)) return [];
  const holder = object.type === "MemberExpression" ? object.property : object;
  if (!isNode(holder) || holder.value !== "codes") return [];
  if (key.type === "Identifier") return tables.get(String(key.value)) ?? [];
  const constant = constants.get("codes");
  const table = isNode(constant?.expression) ? constant.expression : constant;
  return nodes(table?.properties).flatMap(({ value }) => (isNode(value) ? [{ code: String(value.value) }] : []));
}

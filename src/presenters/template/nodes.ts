import type { Position } from "./position.js";

/** A template, parsed. The names are those of Go's text/template/parse. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | Branch
  | { readonly kind: "break" | "continue" }
  | { readonly kind: "template"; readonly name: string; readonly pipe?: Pipe; readonly at: Position };

export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly list: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Pipe {
  /** `$x := …` declares, `$x = …` assigns; two of them in a `range`. */
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly Command[];
  readonly at: Position;
  readonly text: string;
}

/** A function, a field or a value, with arguments where it takes some. */
export interface Command {
  readonly operands: readonly Operand[];
  readonly at: Position;
  readonly text: string;
}

export type Operand =
  | { readonly kind: "dot" | "nil" }
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe }
  /** A path of fields on an operand; on the dot, `.A.B`. */
  | { readonly kind: "fields"; readonly of: Operand; readonly path: readonly string[] };

export interface ParsedTemplate {
  readonly source: string;
  readonly list: readonly Node[];
  /** Those of `define` and `block`. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

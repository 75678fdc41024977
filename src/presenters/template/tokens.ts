import type { Position } from "./position.js";

/** What an action is made of. */
export type TokenKind =
  | "field"
  | "dot"
  | "variable"
  | "word"
  | "string"
  | "number"
  | "pipe"
  | "open"
  | "close"
  | "declare"
  | "assign"
  | "comma";

export interface Token {
  readonly kind: TokenKind;
  /** As it is written; of a string what it stands for. */
  readonly text: string;
  readonly at: Position;
  /** White space stands before it: `.A .B` are two operands, `.A.B` is one. */
  readonly spaced: boolean;
}

/** A template's pieces: text, and actions with what stands between their braces. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly tokens: readonly Token[]; readonly at: Position };

import { readQuoted } from "./quoted.js";
import { unreadable } from "./template-errors.js";
import type { Piece, Token, TokenKind } from "./tokens.js";

/** A byte of a template costs memory many times over. */
const longest = 65_536;

/** Tokens without a meaning of their own, longest first. */
const marks: readonly (readonly [text: string, kind: TokenKind])[] = [
  [":=", "declare"],
  ["=", "assign"],
  ["|", "pipe"],
  ["(", "open"],
  [")", "close"],
  [",", "comma"],
];

/**
 * Splits a template into pieces as Go's text/template does: `{{-` and `-}}` take the white space beside them away, and
 * comments with them. `\t` and `\n` in the text may be written so. Throws `invalid-input`.
 */
export function splitTemplate(source: string): readonly Piece[] {
  if (source.length > longest) throw unreadable(source, longest, `it has more than ${longest} characters`);
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  for (;;) {
    const open = source.indexOf("{{", at);
    const end = open === -1 ? source.length : open;
    const trimsEnd = /^\{\{-\s/.test(source.slice(end, end + 4));
    const text = textOf(source.slice(at, end), { start: trims, end: trimsEnd });
    if (text !== "") pieces.push({ kind: "text", text });
    if (open === -1) return pieces;
    const action = readAction(source, open + (trimsEnd ? 3 : 2), open);
    if (action.tokens !== undefined) pieces.push({ kind: "action", tokens: action.tokens, at: open });
    at = action.end;
    trims = action.trims;
  }
}

function textOf(text: string, trims: { readonly start: boolean; readonly end: boolean }): string {
  const started = trims.start ? text.trimStart() : text;
  const trimmed = trims.end ? started.trimEnd() : started;
  return trimmed.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
}

interface Action {
  /** Absent for a comment. */
  readonly tokens?: readonly Token[];
  readonly end: number;
  /** White space behind it goes. */
  readonly trims: boolean;
}

function readAction(source: string, start: number, open: number): Action {
  const comment = /^\s?\/\*/.exec(source.slice(start, start + 3));
  if (comment !== null) return readComment(source, start, open);
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    const spaces = /^\s*/.exec(source.slice(at))?.[0].length ?? 0;
    const spaced = spaces > 0;
    at += spaces;
    if (source.startsWith("}}", at)) return { tokens, end: at + 2, trims: false };
    if (spaced && source.startsWith("-}}", at)) return { tokens, end: at + 3, trims: true };
    if (at >= source.length) throw unreadable(source, open, `${source.slice(open)} is not closed by }}`);
    const token = readToken(source, at, spaced);
    tokens.push(token.token);
    at = token.end;
  }
}

function readComment(source: string, start: number, open: number): Action {
  const close = source.indexOf("*/", start);
  const end = /^(?:\s-)?\}\}/.exec(source.slice(close + 2, close + 6))?.[0];
  if (close === -1 || end === undefined) throw unreadable(source, open, "the comment does not end with */}}");
  return { end: close + 2 + end.length, trims: end.length > 2 };
}

function readToken(source: string, at: number, spaced: boolean): { readonly token: Token; readonly end: number } {
  const rest = source.slice(at);
  const made = (kind: TokenKind, text: string, length = text.length) => ({
    token: { kind, text, at, spaced },
    end: at + length,
  });
  const quoted = readQuoted(source, at);
  if (quoted !== undefined) return made(quoted.kind, quoted.text, quoted.length);
  // A dash within a name, as networks have it, is no token of Go's.
  const field = /^\.[\p{L}_](?:[\p{L}\p{Nd}_]|-(?=[\p{L}\p{Nd}_]))*/u.exec(rest)?.[0];
  if (field !== undefined) return made("field", field);
  const number = /^[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(
    rest,
  )?.[0];
  if (number !== undefined) return made("number", number);
  const variable = /^\$[\p{L}\p{Nd}_]*/u.exec(rest)?.[0];
  if (variable !== undefined) return made("variable", variable);
  const word = /^[\p{L}_][\p{L}\p{Nd}_]*/u.exec(rest)?.[0];
  if (word !== undefined) return made("word", word);
  if (rest.startsWith(".")) return made("dot", ".");
  const mark = marks.find(([text]) => rest.startsWith(text));
  if (mark !== undefined) return made(mark[1], mark[0]);
  throw unreadable(
    source,
    at,
    `${JSON.stringify(String.fromCodePoint(rest.codePointAt(0) ?? 0))} has no meaning there`,
  );
}

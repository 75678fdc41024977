/** What a regular expression is made of. */
export type Node =
  | { readonly kind: "character"; readonly matches: (character: string) => boolean }
  /** A place between two characters, of which one or both may be missing. */
  | { readonly kind: "place"; readonly matches: Between }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly least: number; readonly most: number };

type Between = (before: string | undefined, after: string | undefined) => boolean;

/** As in Go's regexp/syntax. */
const MOST_REPEATS = 1000;
/** Brackets in brackets. */
const DEEPEST = 100;

const beginning: Between = (before) => before === undefined;
const end: Between = (_, after) => after === undefined;
const isOfWord = (character: string | undefined): boolean => character !== undefined && /^\w$/.test(character);
const places: Readonly<Record<string, Between>> = {
  "^": beginning,
  $: end,
  "\\A": beginning,
  "\\z": end,
  "\\b": (before, after) => isOfWord(before) !== isOfWord(after),
  "\\B": (before, after) => isOfWord(before) === isOfWord(after),
};

/**
 * Reads a regular expression in the syntax of Go's package regexp, as far as names need it: without flags, named groups and classes of
 * POSIX. Throws where it is none; so it does for what cannot be matched in linear time, which Go does not have either.
 */
export function parsePattern(source: string, { ignoreCase = false } = {}): Node {
  return new Parser(source, ignoreCase ? "iu" : "u").parse();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  parse(): Node {
    const node = this.choice();
    if (this.at < this.source.length) throw new SyntaxError("unmatched )");
    return node;
  }

  private choice(): Node {
    const options = [this.sequence()];
    while (this.take("|") !== undefined) options.push(this.sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: "choice", options };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.source.length && !/^[|)]/.test(this.rest(1))) parts.push(this.repeated(this.atom()));
    return { kind: "sequence", parts };
  }

  private repeated(part: Node): Node {
    const [, sign, from, comma, to] = this.take(/(?:([*+?])|\{(\d{1,4})(,?)(\d{0,4})\})\??/y) ?? [];
    if (sign === undefined && from === undefined) return part;
    if (this.take(/[*+?]/y) !== undefined) throw new SyntaxError("a repeat of a repeat");
    if (sign !== undefined)
      return { kind: "repeat", part, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
    const least = Number(from);
    const upTo = to === "" ? Infinity : Number(to);
    const most = comma === "" ? least : upTo;
    if (least > MOST_REPEATS || (most !== Infinity && most > MOST_REPEATS) || most < least)
      throw new SyntaxError("repeats");
    return { kind: "repeat", part, least, most };
  }

  private atom(): Node {
    if (this.take(/\((?:\?:)?/y) !== undefined) return this.group();
    const [text = ""] = this.take(/\[\^?\]?(?:\\.|[^\]\\])*\]|\\?./suy) ?? [];
    const matches = places[text];
    if (matches !== undefined) return { kind: "place", matches };
    if (/^[*+?[]$/.test(text) || text === "\\" || /^\\[1-9kpPuxcQ]/.test(text)) throw new SyntaxError(text);
    return { kind: "character", matches: this.characterOf(text) };
  }

  private group(): Node {
    this.depth += 1;
    if (this.depth > DEEPEST || this.rest(1) === "?") throw new SyntaxError("group");
    const node = this.choice();
    if (this.take(")") === undefined) throw new SyntaxError("missing )");
    this.depth -= 1;
    return node;
  }

  /** An expression for one character has nothing to go back to. */
  private characterOf(text: string): (character: string) => boolean {
    const isPlain = text.length <= 2 && !/^(\.|\\[a-zA-Z0-9])$/.test(text);
    const literal = text.replace(/^\\/, "");
    if (isPlain && this.flags === "u") return (character) => character === literal;
    const source = isPlain ? literal.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&") : text;
    const one = new RegExp(`^${source}$`, this.flags);
    return (character) => one.test(character);
  }

  private rest(length: number): string {
    return this.source.slice(this.at, this.at + length);
  }

  private take(what: string | RegExp): readonly string[] | undefined {
    if (typeof what === "string") {
      if (!this.source.startsWith(what, this.at)) return undefined;
      this.at += what.length;
      return [what];
    }
    what.lastIndex = this.at;
    const found = what.exec(this.source);
    if (found !== null) this.at += found[0].length;
    return found ?? undefined;
  }
}

import { splitTemplate } from "./lexer.js";
import type { Branch, Node, ParsedTemplate, Pipe } from "./nodes.js";
import { PipeParser } from "./pipe-parser.js";
import type { Position } from "./position.js";
import { unreadable } from "./template-errors.js";
import type { Piece } from "./tokens.js";

/** Blocks within each other. */
const deepest = 100;

/** Parses Go's text/template. Throws `invalid-input` naming the place that cannot be read. */
export function parseTemplate(source: string): ParsedTemplate {
  return new TemplateParser(source, splitTemplate(source)).parse();
}

/** What ended a list of nodes: `else` with its own action, or `end`. */
interface ListEnd {
  readonly list: readonly Node[];
  readonly by: "else" | "end" | undefined;
  readonly rest?: PipeParser;
  readonly at: Position;
}

class TemplateParser {
  private index = 0;
  private depth = 0;
  private loops = 0;
  private variables: string[] = ["$"];
  private readonly named = new Map<string, readonly Node[]>();

  constructor(
    private readonly source: string,
    private readonly pieces: readonly Piece[],
  ) {}

  parse(): ParsedTemplate {
    const { list, by, at } = this.list();
    if (by !== undefined) throw unreadable(this.source, at, `unexpected {{${by}}}`);
    return { source: this.source, list, named: this.named };
  }

  private list(): ListEnd {
    const list: Node[] = [];
    for (let piece = this.pieces[this.index]; piece !== undefined; piece = this.pieces[this.index]) {
      this.index += 1;
      if (piece.kind === "text") {
        list.push(piece);
        continue;
      }
      const parser = new PipeParser(this.source, piece.tokens, piece.at, this.variables);
      const word = parser.peek()?.kind === "word" ? parser.peek()?.text : undefined;
      if (word === "else" || word === "end") {
        parser.next();
        if (word === "end") parser.end("end");
        return { list, by: word, rest: parser, at: piece.at };
      }
      list.push(...this.node(word, parser, piece.at));
    }
    return { list, by: undefined, at: this.source.length };
  }

  private node(word: string | undefined, parser: PipeParser, at: Position): readonly Node[] {
    switch (word) {
      case "if":
      case "with":
      case "range":
        parser.next();
        return [this.branch(word, parser, at)];
      case "break":
      case "continue":
        parser.next();
        parser.end(word);
        if (this.loops === 0) throw unreadable(this.source, at, `{{${word}}} outside {{range}}`);
        return [{ kind: word }];
      case "define":
        parser.next();
        this.define(parser, at);
        return [];
      case "block":
      case "template":
        parser.next();
        return [this.call(word, parser, at)];
      default: {
        const pipe = parser.pipe("command");
        parser.end("operand");
        return [{ kind: "action", pipe }];
      }
    }
  }

  /** What `work` declares is unknown behind it. */
  private scoped<T>(at: Position, work: () => T): T {
    const known = this.variables.length;
    this.depth += 1;
    if (this.depth > deepest) throw unreadable(this.source, at, `more than ${deepest} blocks within each other`);
    const result = work();
    this.depth -= 1;
    this.variables.length = known;
    return result;
  }

  private branch(kind: Branch["kind"], parser: PipeParser, at: Position): Branch {
    return this.scoped(at, () => {
      const pipe = parser.pipe(kind, kind === "range" ? 2 : 1);
      parser.end(kind);
      this.loops += kind === "range" ? 1 : 0;
      const body = this.scoped(at, () => this.list());
      this.loops -= kind === "range" ? 1 : 0;
      if (body.by === "end") return { kind, pipe, list: body.list, otherwise: [] };
      if (body.by === undefined) throw unreadable(this.source, at, `{{${kind}}} has no {{end}}`);
      return { kind, pipe, list: body.list, otherwise: this.otherwise(kind, body) };
    });
  }

  /** Behind `else`: another `if` or `with` whose end is this one's too, or a list. */
  private otherwise(kind: Branch["kind"], { rest, at }: ListEnd): readonly Node[] {
    const word = rest?.peek()?.text;
    if (rest !== undefined && kind !== "range" && word === kind) {
      rest.next();
      return [this.branch(kind, rest, at)];
    }
    rest?.end("else");
    const { list, by, at: end } = this.scoped(at, () => this.list());
    if (by === "end") return list;
    throw unreadable(
      this.source,
      by === undefined ? at : end,
      by === undefined ? "{{else}} has no {{end}}" : "a second {{else}}",
    );
  }

  private define(parser: PipeParser, at: Position): void {
    const name = this.name(parser, "define");
    parser.end("define");
    if (this.depth > 0) throw unreadable(this.source, at, "{{define}} inside another block");
    this.body(name, at);
  }

  private call(word: "block" | "template", parser: PipeParser, at: Position): Node {
    const name = this.name(parser, word);
    const pipe: Pipe | undefined = parser.peek() === undefined ? undefined : parser.pipe(word);
    parser.end(word);
    if (word === "block") this.body(name, at);
    return { kind: "template", name, at, ...(pipe === undefined ? {} : { pipe }) };
  }

  private name(parser: PipeParser, context: string): string {
    const token = parser.next();
    if (token?.kind === "string") return token.text;
    throw parser.unexpected(token, `${context}, where a name in quotes belongs`);
  }

  /** A template of its own: it sees no variables but `$`. */
  private body(name: string, at: Position): void {
    const { variables, loops } = this;
    this.variables = ["$"];
    this.loops = 0;
    const { list, by } = this.scoped(at, () => this.list());
    this.variables = variables;
    this.loops = loops;
    if (by !== "end") throw unreadable(this.source, at, `the template "${name}" has no {{end}}`);
    this.named.set(name, list);
  }
}

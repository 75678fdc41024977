import { isFunction } from "./function-names.js";
import type { Command, Operand, Pipe } from "./nodes.js";
import type { Position } from "./position.js";
import { unreadable } from "./template-errors.js";
import type { Token, TokenKind } from "./tokens.js";

/** Parentheses within each other. */
const deepest = 100;

/** Reads the tokens of one action. Knows which variables are declared where it stands. */
export class PipeParser {
  private index = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly action: Position,
    private readonly variables: string[],
  ) {}

  /** The next token, which stays. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.index + ahead];
  }

  next(): Token | undefined {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  /** Throws `invalid-input` for tokens that are left. */
  end(context: string): void {
    const token = this.peek();
    if (token !== undefined) throw this.unexpected(token, context);
  }

  unexpected(token: Token | undefined, context: string): Error {
    const what = token === undefined ? "end" : JSON.stringify(token.text);
    return unreadable(this.source, token?.at ?? this.action, `unexpected ${what} in ${context}`);
  }

  /** `most`: how many variables it may have, two in a `range`. */
  pipe(context: string, most = 1): Pipe {
    const from = this.peek()?.at ?? this.action;
    const { variables, declares } = this.readVariables(context, most);
    const commands: Command[] = [this.command(context)];
    while (this.peek()?.kind === "pipe") {
      this.next();
      const command = this.command(context);
      const [first] = command.operands;
      if (first?.kind === "constant" || first?.kind === "dot" || first?.kind === "nil") {
        throw unreadable(this.source, command.at, `${command.text} is no function, and takes nothing from a pipe`);
      }
      commands.push(command);
    }
    if (declares) this.variables.push(...variables);
    return { variables, declares, commands, at: from, text: this.textFrom(from) };
  }

  private readVariables(context: string, most: number): Pick<Pipe, "variables" | "declares"> {
    const variables: string[] = [];
    let at = this.index;
    while (this.tokens[at]?.kind === "variable" && this.tokens[at + 1]?.kind === "comma") at += 2;
    const mark = this.tokens[at + 1];
    const isSetting = mark?.kind === "declare" || mark?.kind === "assign";
    if (this.tokens[at]?.kind !== "variable" || !isSetting) return { variables: [], declares: false };
    for (let index = this.index; index <= at; index += 2) {
      const { text = "", at: place = this.action } = this.tokens[index] ?? {};
      if (mark.kind === "assign") this.requireVariable(text, place);
      variables.push(text);
    }
    if (variables.length > most) throw unreadable(this.source, this.action, `too many declarations in ${context}`);
    this.index = at + 2;
    return { variables, declares: mark.kind === "declare" };
  }

  private command(context: string): Command {
    const first = this.peek();
    const operands: Operand[] = [];
    for (;;) {
      const token = this.peek();
      if (token === undefined || token.kind === "pipe" || token.kind === "close") break;
      if (operands.length > 0 && !token.spaced && token.kind !== "open") throw this.unexpected(token, context);
      operands.push(this.operand(context));
    }
    if (operands.length === 0) {
      const at = first?.at ?? this.action;
      throw unreadable(
        this.source,
        at,
        first === undefined ? `missing value for ${context}` : `an empty part in ${context}`,
      );
    }
    const at = first?.at ?? this.action;
    return { operands, at, text: this.textFrom(at) };
  }

  private operand(context: string): Operand {
    const term = this.term(context);
    const path: string[] = [];
    while (this.peek()?.kind === "field" && this.peek()?.spaced === false)
      path.push((this.next()?.text ?? "").slice(1));
    if (path.length === 0) return term;
    if (term.kind === "fields") return { ...term, path: [...term.path, ...path] };
    if (term.kind === "constant" || term.kind === "nil") {
      throw unreadable(this.source, this.action, `unexpected .${path[0]} after a constant`);
    }
    return { kind: "fields", of: term, path };
  }

  private term(context: string): Operand {
    const token = this.next();
    const readers: Partial<Record<TokenKind, (token: Token) => Operand>> = {
      dot: () => ({ kind: "dot" }),
      field: ({ text }) => ({ kind: "fields", of: { kind: "dot" }, path: [text.slice(1)] }),
      variable: ({ text, at }) => {
        this.requireVariable(text, at);
        return { kind: "variable", name: text };
      },
      string: ({ text }) => ({ kind: "constant", value: text }),
      number: (number) => ({ kind: "constant", value: this.number(number) }),
      word: (word) => this.word(word),
      open: () => this.parenthesis(),
    };
    const read = token === undefined ? undefined : readers[token.kind];
    if (token === undefined || read === undefined) throw this.unexpected(token, context);
    return read(token);
  }

  private parenthesis(): Operand {
    this.depth += 1;
    if (this.depth > deepest) throw unreadable(this.source, this.action, `more than ${deepest} parentheses deep`);
    const pipe = this.pipe("parentheses");
    const close = this.next();
    if (close?.kind !== "close") throw unreadable(this.source, this.action, "unclosed left paren");
    this.depth -= 1;
    return { kind: "pipe", pipe };
  }

  private word({ text, at }: Token): Operand {
    if (text === "true" || text === "false") return { kind: "constant", value: text === "true" };
    if (text === "nil") return { kind: "nil" };
    if (isFunction(text)) return { kind: "function", name: text };
    throw unreadable(this.source, at, `function "${text}" not defined`);
  }

  private number({ text, at }: Token): number {
    const sign = text.startsWith("-") ? -1 : 1;
    const plain = text.replace(/^[+-]/, "").replaceAll("_", "");
    const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
    if (Number.isNaN(value)) throw unreadable(this.source, at, `bad number syntax: "${text}"`);
    return sign * value;
  }

  private requireVariable(name: string, at: Position): void {
    if (!this.variables.includes(name)) throw unreadable(this.source, at, `undefined variable "${name}"`);
  }

  /** What stands in the source from there to the next token. */
  private textFrom(at: Position): string {
    const end = this.peek()?.at ?? this.source.indexOf("}}", this.tokens.at(-1)?.at ?? at);
    const text = this.source.slice(at, end).trimEnd();
    return (text.endsWith(" -") ? text.slice(0, -2) : text).trimEnd();
  }
}

import { fieldOf } from "./field-lookup.js";
import type { Apply } from "./function-names.js";
import type { Branch, Command, Node, Operand, ParsedTemplate, Pipe } from "./nodes.js";
import { Output } from "./output.js";
import { failed, isStepFailure, StepFailure } from "./template-errors.js";
import { entriesOf, isObject, isTrue, plain, typeOf } from "./values.js";

/** What ends a round of a loop early. */
type Leap = "break" | "continue" | undefined;

/** One rendering of a template. */
export class Evaluation {
  readonly output = new Output();
  private variables: { readonly name: string; value: unknown }[];
  private calls = 0;

  constructor(
    private readonly template: ParsedTemplate,
    private readonly data: unknown,
    private readonly apply: Apply,
  ) {
    this.variables = [{ name: "$", value: data }];
  }

  run(): string {
    this.walk(this.template.list, this.data);
    return this.output.text();
  }

  private walk(nodes: readonly Node[], dot: unknown): Leap {
    for (const node of nodes) {
      const leap = this.step(node, dot);
      if (leap !== undefined) return leap;
    }
    return undefined;
  }

  private step(node: Node, dot: unknown): Leap {
    switch (node.kind) {
      case "text":
        this.output.add(node.text);
        return undefined;
      case "break":
      case "continue":
        return node.kind;
      case "action": {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.at(node.pipe, () => this.output.addValue(value));
        return undefined;
      }
      case "template":
        this.callTemplate(node, dot);
        return undefined;
      default:
        return this.scoped(() => this.branch(node, dot));
    }
  }

  private branch(node: Branch, dot: unknown): Leap {
    const value = this.pipe(node.pipe, dot, node.kind !== "range");
    if (node.kind === "range") return this.range(node, value, dot);
    if (!isTrue(value)) return this.walk(node.otherwise, dot);
    return this.walk(node.list, node.kind === "with" ? value : dot);
  }

  private range({ pipe, list, otherwise }: Branch, value: unknown, dot: unknown): Leap {
    const rounds = this.at(pipe, () => roundsOf(value));
    for (const [key, item] of rounds) {
      this.at(pipe, () => this.output.count());
      const leap = this.scoped(() => {
        this.setRound(pipe, pipe.variables.length > 1 ? [key, item] : [item]);
        return this.walk(list, item);
      });
      if (leap === "break") break;
    }
    return rounds.length === 0 ? this.walk(otherwise, dot) : undefined;
  }

  private setRound({ variables, declares }: Pipe, values: readonly unknown[]): void {
    for (const [at, name] of variables.entries()) this.set(name, values[at], declares);
  }

  /** What is declared in there is gone behind it. */
  private scoped(work: () => Leap): Leap {
    const known = this.variables.length;
    const leap = work();
    this.variables.length = known;
    return leap;
  }

  private callTemplate(node: Node & { readonly kind: "template" }, dot: unknown): void {
    const text = `{{template ${JSON.stringify(node.name)}}}`;
    this.at({ at: node.at, text }, () => this.output.count());
    const list = this.template.named.get(node.name);
    const value = node.pipe === undefined ? undefined : this.pipe(node.pipe, dot);
    this.calls += 1;
    this.at({ at: node.at, text }, () => {
      if (list === undefined) throw new StepFailure(`template "${node.name}" not defined`);
      if (this.calls > 100) throw new StepFailure("templates call each other more than 100 deep");
    });
    const outer = this.variables;
    this.variables = [{ name: "$", value }];
    this.walk(list ?? [], value);
    this.variables = outer;
    this.calls -= 1;
  }

  /** `assigns`: its variables get the value; those of a `range` get one in each round. */
  private pipe(pipe: Pipe, dot: unknown, assigns = true): unknown {
    let piped: readonly unknown[] = [];
    for (const command of pipe.commands) piped = [this.command(command, dot, piped)];
    const [value] = piped;
    const [name] = pipe.variables;
    if (name !== undefined && assigns) this.set(name, value, pipe.declares);
    return value;
  }

  private set(name: string, value: unknown, declares: boolean): void {
    const known = declares ? undefined : this.variables.findLast((variable) => variable.name === name);
    if (known === undefined) this.variables.push({ name, value });
    else known.value = value;
  }

  private command(command: Command, dot: unknown, piped: readonly unknown[]): unknown {
    this.at(command, () => this.output.count());
    const [first, ...rest] = command.operands;
    if (first === undefined) return undefined;
    if (first.kind === "function") return this.function(first.name, { command, rest, dot, piped });
    if (first.kind === "nil")
      return this.at(command, () => {
        throw new StepFailure("nil is not a command");
      });
    const args = () => [...rest.map((operand) => this.operand(operand, command, dot)), ...piped];
    if (first.kind === "fields") return this.fields(first, command, dot, args());
    if (rest.length + piped.length > 0) {
      return this.at(command, () => {
        throw new StepFailure("can't give argument to non-function");
      });
    }
    return this.operand(first, command, dot);
  }

  private function(
    name: string,
    {
      command,
      rest,
      dot,
      piped,
    }: {
      readonly command: Command;
      readonly rest: readonly Operand[];
      readonly dot: unknown;
      readonly piped: readonly unknown[];
    },
  ): unknown {
    if (name !== "and" && name !== "or") {
      const args = [...rest.map((operand) => this.operand(operand, command, dot)), ...piped];
      return this.at(command, () => this.output.charge(this.apply(name, args)));
    }
    // As Go: what the outcome does not depend on is not evaluated.
    const operands = [
      ...rest.map((operand) => () => this.operand(operand, command, dot)),
      ...piped.map((value) => () => value),
    ];
    let value: unknown;
    for (const evaluate of operands) {
      value = evaluate();
      if (isTrue(value) === (name === "or")) return value;
    }
    if (operands.length > 0) return value;
    return this.at(command, () => {
      throw new StepFailure(`wrong number of args for ${name}: want at least 1 got 0`);
    });
  }

  private operand(operand: Operand, command: Command, dot: unknown): unknown {
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return undefined;
      case "constant":
        return typeof operand.value === "string" ? this.output.own(operand.value) : operand.value;
      case "variable":
        return this.variables.findLast(({ name }) => name === operand.name)?.value;
      case "pipe":
        return this.pipe(operand.pipe, dot);
      case "function":
        return this.at(command, () => this.apply(operand.name, []));
      case "fields":
        return this.fields(operand, command, dot, []);
    }
  }

  /** Arguments are for the last field of the path, which must be something to call. */
  private fields(
    { of, path }: Operand & { readonly kind: "fields" },
    command: Command,
    dot: unknown,
    args: readonly unknown[],
  ): unknown {
    let value = this.operand(of, command, dot);
    for (const depth of path.keys()) {
      const isLast = depth === path.length - 1;
      value = this.at(command, () => fieldOf(value, path.slice(0, depth + 1), isLast ? args : []));
    }
    return value;
  }

  private at<T>(where: { readonly at: number; readonly text: string }, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw isStepFailure(error) ? failed(this.template.source, where, error.message) : error;
    }
  }
}

/** Keys and values of what a `range` goes over. */
function roundsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  const known = plain(value);
  if (known === undefined || known === null) return [];
  if (Array.isArray(known)) return known.map((item, index) => [index, item]);
  if (isObject(known)) return entriesOf(known);
  if (typeof known === "number" && Number.isInteger(known) && known <= 100_000) {
    return Array.from({ length: Math.max(0, known) }, (_, index) => [index, index]);
  }
  throw new StepFailure(`range can't iterate over ${typeOf(value)}`);
}

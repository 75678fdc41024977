import { display } from "./format-value.js";
import { StepFailure } from "./template-errors.js";
import { fitText, plain, Rendered } from "./values.js";

/** What a template may do at most, and print: hostile ones end in words. */
const mostSteps = 1_000_000;
const charactersPerStep = 1000;
const mostText = 16 * 1024 * 1024;

/** What one rendering has printed. */
export class Output {
  private readonly parts: string[] = [];
  private size = 0;
  private steps = 0;

  /** Before each step. Throws {@link StepFailure} when there have been too many. */
  count(cost = 1): void {
    this.steps += cost;
    if (this.steps > mostSteps) throw new StepFailure(`the format takes more than ${mostSteps} steps`);
  }

  /** Counts what it takes to make a text, in steps. */
  charge(value: unknown): unknown {
    const known = plain(value);
    if (typeof known === "string") this.count(known.length / charactersPerStep);
    return value;
  }

  /** The template's own text. */
  own(text: string): Rendered {
    return new Rendered(text);
  }

  add(text: string): void {
    this.size += text.length;
    if (this.size > mostText) throw new StepFailure(`the format prints more than ${mostText} characters`);
    this.parts.push(text);
  }

  addValue(value: unknown): void {
    const known = plain(value);
    if (known === undefined || known === null) this.add("<no value>");
    else this.add(typeof known === "string" ? fitText(value as string | Rendered) : display(value));
  }

  text(): string {
    return this.parts.join("");
  }
}

import type { Writable } from "node:stream";
import { failureOf } from "./failure.js";

/** Milliseconds between two lines about one thing that goes on. */
const INTERVAL = 100;

/**
 * A reply of objects, one a line, that says how far something is. What a slow reader has not taken is replaced by what came later about
 * the same thing, so there is one line at most for each.
 */
export class JsonLines {
  private output: Writable | undefined;
  private readonly waiting = new Map<string, object>();
  /** When a line about each thing came last. */
  private readonly times = new Map<string, number>();

  /** `begin` makes the reply. It is called with the first line: what fails before has a status of its own. */
  constructor(private readonly begin: () => Writable) {}

  get hasBegun(): boolean {
    return this.output !== undefined;
  }

  /** Says something about one thing. A line with `passing` is left out if one came a moment ago. */
  note(about: string, line: object, { passing = false }: { readonly passing?: boolean } = {}): void {
    const now = Date.now();
    if (passing && now - (this.times.get(about) ?? 0) < INTERVAL) return;
    this.times.set(about, now);
    const output = this.opened();
    if (output.writableNeedDrain) this.waiting.set(about, line);
    else output.write(written(line));
  }

  /** Ends the reply with lines that no later ones replace. */
  end(lines: readonly object[]): void {
    const output = this.opened();
    this.flush(output);
    output.end(lines.map(written).join(""));
  }

  /** Ends a reply that has begun with what failed, as docker does. */
  fail(thrown: unknown): void {
    const { message } = failureOf(thrown);
    this.end([{ errorDetail: { message }, error: message }]);
  }

  private opened(): Writable {
    if (this.output === undefined) {
      const output = this.begin();
      output.on("drain", () => this.flush(output));
      this.output = output;
    }
    return this.output;
  }

  private flush(output: Writable): void {
    for (const line of this.waiting.values()) output.write(written(line));
    this.waiting.clear();
  }
}

function written(line: object): string {
  return `${JSON.stringify(line)}\r\n`;
}

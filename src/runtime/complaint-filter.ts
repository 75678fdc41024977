import { Writable } from "node:stream";
import { commandExitCode } from "./runtime-failure.js";

/** Milliseconds after which a line is the command's own: a runtime ends as soon as it has complained. */
const MOMENT = 200;

/**
 * Passes a command's standard error on, but for what the runtime says there when it cannot run the command, of which the caller is told
 * in an error. A line of that kind is held back until the end shows whose it is.
 */
export class ComplaintFilter extends Writable {
  private held: Buffer | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly target: () => Writable) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.flush();
    if (commandExitCode(chunk.toString().trimEnd()) === undefined) {
      this.target().write(chunk, done);
      return;
    }
    this.held = chunk;
    this.timer = setTimeout(() => this.flush(), MOMENT);
    done();
  }

  /** To be called at the end, with what the runtime complained of, if anything. */
  settle(complaint: string | undefined): void {
    if (complaint !== undefined && this.held?.toString().trimEnd() === complaint) this.held = undefined;
    this.flush();
  }

  private flush(): void {
    clearTimeout(this.timer);
    if (this.held !== undefined) this.target().write(this.held);
    this.held = undefined;
  }
}

import { Writable } from "node:stream";
import type { TerminalSize } from "../../api/index.js";

/**
 * Output of a command that outlasts its client: once the client has gone, bytes go nowhere, and the command runs on. Where it has a
 * size it is a terminal, as {@link Streams} has them.
 */
export class LastingOutput extends Writable {
  rows: number | undefined;
  columns: number | undefined;

  constructor(
    private readonly target: Writable,
    private readonly left: AbortSignal,
    readonly isTTY: boolean,
  ) {
    super();
    // Each write says itself what failed.
    target.on("error", () => undefined);
  }

  /** Gives a terminal a size, at any time. */
  resize({ rows, columns }: TerminalSize): void {
    this.rows = rows;
    this.columns = columns;
    this.emit("resize");
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.left.aborted) {
      done();
      return;
    }
    const settle = (): void => {
      this.left.removeEventListener("abort", settle);
      done();
    };
    // A client that goes while it does not read need not say that this write failed.
    this.left.addEventListener("abort", settle);
    this.target.write(chunk, () => {
      if (!this.left.aborted) settle();
    });
  }
}

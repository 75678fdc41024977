import type { Duplex, Readable, Writable } from "node:stream";

/** Copies a stream to a program at the pace at which that reads, until the stream ends or fails, or its reader is gone. */
export class InputRelay {
  /** Why no more could be read. */
  failure: Error | undefined;
  private readonly onFailure = (error: Error): void => {
    this.failure = error;
    this.target.end();
  };

  constructor(
    private readonly source: Readable & { unref?(): void },
    private readonly target: Writable,
    /** Sees the bytes on their way. */
    private readonly through?: Duplex,
  ) {
    // The program has closed its standard input, or ended.
    target.once("error", () => this.stop());
    source.once("error", this.onFailure);
    if (through === undefined) source.pipe(target);
    else source.pipe(through).pipe(target);
  }

  /** Input that comes later stays where it is, and does not keep the process alive. */
  stop(): void {
    this.source.off("error", this.onFailure);
    this.source.unpipe(this.through ?? this.target);
    this.source.pause();
    this.source.unref?.();
    this.target.destroy();
  }
}

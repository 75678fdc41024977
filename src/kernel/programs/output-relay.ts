import type { Writable } from "node:stream";
import { PipeReader } from "./pipe-streams.js";

/**
 * Copies what a program writes into a pipe to a stream, at the pace of who reads that. Where nobody does any more, the
 * pipe is closed: the program then gets SIGPIPE, as if it had the stream itself.
 */
export class OutputRelay {
  /** Why bytes could not be passed on; EPIPE where the reader has gone. */
  failure: NodeJS.ErrnoException | undefined;
  private readonly source: PipeReader;
  private written: Promise<void> = Promise.resolve();
  private target: Writable | undefined;

  /** Owns `readEnd` from here on. Asks for the target once there is something to write, since making it may be dear. */
  constructor(
    readEnd: number,
    private readonly makeTarget: () => Writable,
  ) {
    this.source = new PipeReader(readEnd, (chunk) => this.pass(chunk));
  }

  /**
   * Passes on what the pipe holds at this moment and then `remainder`, and closes the pipe, even if other processes have it
   * open. Resolves once the target has taken everything.
   */
  async finish(remainder?: Buffer): Promise<void> {
    await this.source.finish();
    if (remainder !== undefined && remainder.length > 0) this.pass(remainder);
    await this.written;
    this.target?.off("error", ignore);
  }

  private pass(chunk: Buffer): void {
    if (this.failure !== undefined) return;
    const target = this.openTarget();
    const written = new Promise<void>((resolve) => {
      const hasRoom = target.write(chunk, (error) => {
        if (error) this.fail(error);
        else if (!target.writableNeedDrain) this.source.resume();
        resolve();
      });
      if (!hasRoom) this.source.pause();
    });
    // Where others have replaced `write`, as test runners do, it may never say that it is done.
    if (target.writableLength > 0 || target.errored) this.written = written;
  }

  private openTarget(): Writable {
    // The write that fails says so itself; without a listener the same error would end the process.
    this.target ??= this.makeTarget().on("error", ignore);
    return this.target;
  }

  private fail(error: Error): void {
    this.failure = error;
    this.source.close();
  }
}

function ignore(): void {}

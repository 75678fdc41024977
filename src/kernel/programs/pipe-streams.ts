import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { ReadStream } from "node:tty";
import { readWaiting } from "./pipe.js";

/** Reads a pipe as bytes come. In the executable another file stands in the place of this one. */
export class PipeReader {
  private readonly source: Socket;

  /** Owns `readEnd` from here on. */
  constructor(
    private readonly readEnd: number,
    private readonly take: (chunk: Buffer) => void,
  ) {
    this.source = new Socket({ fd: readEnd, readable: true, writable: false });
    this.source.on("data", take);
  }

  pause(): void {
    this.source.pause();
  }

  resume(): void {
    if (this.source.isPaused()) this.source.resume();
  }

  /** Takes what the pipe holds at this moment, and closes it, even if other processes have it open. */
  async finish(): Promise<void> {
    if (this.source.destroyed) return;
    this.source.pause();
    for (const rest of [this.source.read() as Buffer | null, readWaiting(this.readEnd)]) {
      if (rest !== null && rest.length > 0) this.take(rest);
    }
    this.source.destroy();
  }

  close(): void {
    this.source.destroy();
  }
}

/** A stream into a pipe, or into a terminal by the end where its keys are pressed, which it closes at its end. */
export function pipeWriter(writeEnd: number, isTerminal: boolean): Writable {
  // Node.js would block on a WriteStream of a terminal, and a ReadStream writes as well.
  return isTerminal ? new ReadStream(writeEnd) : new Socket({ fd: writeEnd, readable: false, writable: true });
}

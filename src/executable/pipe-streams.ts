import { closeSync } from "node:fs";
import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { countWaiting } from "../kernel/programs/pipe.js";

/** Bytes that a reader takes at its end from a pipe that others go on to fill. */
const LAST = 1024 ** 2;

/**
 * Of src/kernel/programs/pipe-streams.ts: a Socket of the runtime never reads a pipe, and streams of node:fs that are blocked
 * keep the process from ending. Its own streams of files poll.
 */
export class PipeReader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private isOpen = true;
  /** The reader waits for the pipe, so it holds no bytes itself. */
  private isWaiting = false;
  private paused: { readonly end: Promise<void>; readonly resume: () => void } | undefined;
  private taken = 0;

  constructor(
    private readonly readEnd: number,
    private readonly take: (chunk: Buffer) => void,
  ) {
    this.reader = Bun.file(readEnd).stream().getReader();
    void this.copy();
  }

  pause(): void {
    if (this.paused !== undefined) return;
    const { promise: end, resolve: resume } = Promise.withResolvers<void>();
    this.paused = { end, resume };
  }

  resume(): void {
    this.paused?.resume();
    this.paused = undefined;
  }

  async finish(): Promise<void> {
    this.resume();
    const enough = this.taken + LAST;
    while (this.isOpen && this.taken < enough && !(this.isWaiting && countWaiting(this.readEnd) === 0))
      await setImmediate();
    this.close();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    void this.reader.cancel();
    closeSync(this.readEnd);
  }

  private async copy(): Promise<void> {
    for (;;) {
      await this.paused?.end;
      this.isWaiting = true;
      const { value } = await this.reader.read();
      this.isWaiting = false;
      if (!this.isOpen) return;
      if (value === undefined) return this.close();
      this.taken += value.length;
      this.take(Buffer.from(value.buffer, value.byteOffset, value.length));
    }
  }
}

/** The same, for pipes and terminals alike. */
export function pipeWriter(writeEnd: number): Writable {
  const sink = Bun.file(writeEnd).writer();
  return new Writable({
    write: (chunk: Uint8Array, _encoding, done) => settle(flushed(chunk), done),
    final: (done) => settle(ended(), done),
    destroy: (error, done) => {
      sink.unref();
      settle(ended(), () => undefined);
      closeSync(writeEnd);
      done(error);
    },
  });

  async function flushed(chunk: Uint8Array): Promise<void> {
    await sink.write(chunk);
    await sink.flush();
  }

  async function ended(): Promise<void> {
    await sink.end();
  }
}

function settle(work: Promise<void>, done: (error?: Error | null) => void): void {
  work.then(() => done(), done);
}

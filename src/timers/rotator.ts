import { setTimeout as sleep } from "node:timers/promises";

/** The log of a container. */
export interface RotatedLog {
  /** Begins another file where the present one is full. */
  rotate(): void;
  /** Returns once something is written to the log, or after some seconds. */
  written(signal: AbortSignal): Promise<void>;
}

/** Milliseconds between two looks at a log that is written all the time. */
const PAUSE = 50;

/** Keeps the files of one container's log to their size. */
export class Rotator {
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;

  constructor(private readonly log: RotatedLog) {
    this.ended = this.loop().catch(() => undefined);
  }

  /** Returns once nothing is done to it any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async loop(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        this.log.rotate();
      } catch {
        // No supervisor reads its fifo yet, or any more; or the disk is full. The next look tries again.
      }
      await sleep(PAUSE, undefined, { signal });
      await this.log.written(signal);
    }
  }
}

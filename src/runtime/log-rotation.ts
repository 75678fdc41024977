import { closeSync, constants, linkSync, openSync, renameSync, rmSync, type Stats, writeSync } from "node:fs";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { statusOf } from "../kernel/files/path-status.js";

export interface Rotation {
  readonly maxSize: number;
  /** The present one among them. */
  readonly maxFiles: number;
}

interface Place {
  readonly path: string;
  /** The fifo of the container's conmon. */
  readonly control: string;
}

/** Milliseconds after which a conmon that was asked for another file, maybe by a process that has died since, is asked again. */
const ASK_AGAIN = 5000;

/**
 * Begins another file where the present one has reached its size. conmon (ctrl.c, `reopen_log_files`) puts a new file in the place of
 * the one it writes when its fifo says so, so that one gets a second name before: no line is lost, and one that is written meanwhile
 * comes into it. conmon is asked once for each file: asked twice, it would replace one that has no second name. Done again after a
 * crash at any step, it goes on.
 */
export class LogRotation {
  /** When conmon was asked to replace the file that has its second name. */
  private askedAt: number | undefined;

  constructor(
    private readonly place: Place,
    private readonly now: () => number = () => performance.now(),
  ) {}

  rotate({ maxSize, maxFiles }: Rotation): void {
    const { path } = this.place;
    const present = statusOf(path);
    if (present === undefined || !present.isFile() || present.size < maxSize) return;
    boundaryOperation({ into: "file", what: () => `begin another file for ${path}` }, () => {
      if (!this.isNamed(present)) {
        this.name(maxFiles);
        this.askedAt = Number.NEGATIVE_INFINITY;
      }
      // The process that named it may have asked, too.
      this.askedAt ??= this.now();
      if (this.now() - this.askedAt < ASK_AGAIN) return;
      this.ask();
      this.askedAt = this.now();
    });
  }

  private isNamed({ ino }: Stats): boolean {
    return statusOf(`${this.place.path}.1`)?.ino === ino;
  }

  private name(maxFiles: number): void {
    const { path } = this.place;
    rmSync(`${path}.${maxFiles - 1}`, { force: true });
    for (let number = maxFiles - 2; number >= 1; number--)
      if (statusOf(`${path}.${number}`) !== undefined) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
    linkSync(path, `${path}.1`);
  }

  /** By conmon's message 2; it scans three numbers. */
  private ask(): void {
    // Not blocked where no conmon reads.
    const fifo = openSync(this.place.control, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      writeSync(fifo, "2 0 0\n");
    } finally {
      closeSync(fifo);
    }
  }
}

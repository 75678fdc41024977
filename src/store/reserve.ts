import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";

/** Several, so that they hold inodes as well: SQLite needs two for its journal and the index of that. */
const FILES = ["0", "1", "2", "3"] as const;
const BYTES_PER_FILE = 262_144;

/** What has to be free, the reserve aside, before something new is made: bytes for a few transactions, and inodes. */
const NEEDED_BYTES = 524_288;
const NEEDED_INODES = 8;

/**
 * Room on the state's file system that is kept for what frees. Where that is full, what changes or removes rows gives the
 * reserve up; what makes new ones never sees it. It is kept again as soon as there is room.
 */
export class Reserve {
  private wasGivenUp = false;

  /** `directory` is the reserve's own; the one above it exists. */
  constructor(private readonly directory: string) {}

  /** Costs one look where it is there. As much of it as there is room for is better than none. */
  keep(): void {
    if (existsSync(this.pathOf("3"))) return;
    boundaryOperation({ into: "file", what: () => `write ${this.directory}/` }, () => {
      try {
        mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      } catch {
        return;
      }
      for (const name of FILES) if (!this.fill(this.pathOf(name))) return;
    });
  }

  /** As {@link keep}, where this process has given it up. */
  restore(): void {
    if (this.wasGivenUp) this.keep();
  }

  /** False where there is nothing to give up. */
  giveUp(): boolean {
    if (!existsSync(this.pathOf("0"))) return false;
    boundaryOperation({ into: "file", what: () => `remove ${this.directory}/` }, () =>
      rmSync(this.directory, { recursive: true }),
    );
    this.wasGivenUp = true;
    return true;
  }

  /** Throws `store` where something new would have to use what is kept. */
  requireRoom(path: string): void {
    const { bavail, bsize, files, ffree } = statfsSync(this.directory.slice(0, this.directory.lastIndexOf("/")));
    // As in keep: it is written in this order.
    const kept = existsSync(this.pathOf("3")) ? 0 : FILES.filter((name) => !existsSync(this.pathOf(name))).length;
    const lacksBytes = bavail * bsize < NEEDED_BYTES + kept * BYTES_PER_FILE;
    // File systems that make inodes as they are needed have none to count.
    const lacksInodes = files > 0 && ffree < NEEDED_INODES + kept;
    if (lacksBytes || lacksInodes) throw full(path, lacksBytes ? "is no room" : "are no inodes");
  }

  private pathOf(name: (typeof FILES)[number]): string {
    return `${this.directory}/${name}`;
  }

  private fill(path: string): boolean {
    if (existsSync(path)) return true;
    try {
      // What cannot be compressed takes the room that it seems to take.
      writeFileSync(path, randomBytes(BYTES_PER_FILE), { mode: 0o600 });
      return true;
    } catch {
      rmSync(path, { force: true });
      return false;
    }
  }
}

/** For something new; unlike SQLite's own complaint no reason to give the reserve up. */
function full(path: string, what: string): TsdError {
  return new TsdError({
    kind: "store",
    code: "TSD_STORE_DISK_FULL",
    message: `the disk is full: there ${what} for the state database ${path} to take anything new`,
    hint: "Make room on that file system; stop, rm, network rm and gc work all the same.",
    details: { path, reserved: true },
  });
}

/** True where giving up the reserve helps. */
export function isDiskFull(error: unknown): boolean {
  return TsdError.is(error) && error.code === "TSD_STORE_DISK_FULL" && error.details.reserved !== true;
}

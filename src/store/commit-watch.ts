import { closeSync, openSync, readSync } from "node:fs";
import { constants } from "node:os";
import { errnoOf } from "../kernel/errno.js";

/** Octets of the header of a WAL index, which is there twice (walformat.html of SQLite, §2.1). Each commit changes both. */
const HEADERS = 96;

/**
 * Whether a database can have had commits, for a fraction of what a statement costs. It looks where SQLite looks first: two
 * headers that are the same as before mean that nothing is new. All else, a commit that is half written too, counts as news.
 */
export class CommitWatch {
  private readonly descriptor: number | undefined;
  private readonly before = Buffer.alloc(HEADERS);
  private readonly now = Buffer.alloc(HEADERS);

  /** For a database that is open, and was read: before that it has no index. One without WAL has news at all times. */
  constructor(path: string) {
    try {
      this.descriptor = openSync(`${path}-shm`, "r");
    } catch (error) {
      if (errnoOf(error) !== constants.errno.ENOENT) throw error;
    }
  }

  /** `look` reads what is new, and is called again the next time if it throws. */
  ifNews(look: () => void): void {
    if (this.descriptor !== undefined) {
      const length = readSync(this.descriptor, this.now, 0, HEADERS, 0);
      if (length === HEADERS && this.now.equals(this.before)) return;
    }
    look();
    this.now.copy(this.before);
  }

  /** Only after the database: to close any descriptor of a file gives up the locks that this process has on it (fcntl(2)). */
  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }
}

import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import type { Owner } from "../contracts/index.js";
import { sameOwner } from "../contracts/processes.js";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { errnoOf, fileError } from "../kernel/errno.js";
import { tryLock } from "../kernel/files/file-lock.js";
import { processes } from "../kernel/process-identity.js";

/** Times that another process may remove the directory between two steps here. */
const ATTEMPTS = 10;

/** The files of the one service of a kind below a TSD_RUN, in a directory that is root's alone. */
export class ServicePlace {
  readonly socket: string;
  private readonly lock: string;

  constructor(readonly directory: string) {
    this.socket = `${directory}/socket`;
    this.lock = `${directory}/lock`;
  }

  /** Makes the calling process the service; undefined while another is. Returns what removes the files, so that another can be. */
  claim(): (() => void) | undefined {
    return boundaryOperation({ into: "file", what: () => `lock ${this.lock}` }, () => {
      const release = this.takeLock();
      if (release === undefined) return undefined;
      rmSync(this.socket, { force: true });
      writeFileSync(this.lock, JSON.stringify(processes.self()));
      return () => this.clear(release);
    });
  }

  /** The process that is the service; undefined for none. */
  holder(): Owner | undefined {
    const owner = this.readOwner();
    return owner !== undefined && processes.isAlive(owner) ? owner : undefined;
  }

  /** True while the files are those of this process. */
  isOwn(): boolean {
    const owner = this.readOwner();
    return owner !== undefined && sameOwner(owner, processes.self());
  }

  /** True where a service lives, starts, or has left files. */
  isInUse(): boolean {
    return statSync(this.directory, { throwIfNoEntry: false }) !== undefined;
  }

  /** Removes what a service left that died; false where one has the lock. */
  tidy(): boolean {
    if (!this.isInUse()) return true;
    try {
      const release = tryLock(this.lock);
      if (release !== undefined) this.clear(release);
      return release !== undefined;
    } catch (error) {
      if (isMissing(error)) return true;
      throw error;
    }
  }

  private takeLock(): (() => void) | undefined {
    for (let attempt = 1; ; attempt++) {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      try {
        return tryLock(this.lock);
      } catch (error) {
        if (!isMissing(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private clear(release: () => void): void {
    boundaryOperation({ into: "file", what: () => `remove ${this.directory}/` }, () => {
      rmSync(this.socket, { force: true });
      release();
      try {
        rmdirSync(this.directory);
      } catch (error) {
        // Another one has begun.
        const { ENOENT, ENOTEMPTY } = constants.errno;
        if (![ENOENT, ENOTEMPTY].includes(errnoOf(error) ?? 0))
          throw fileError("remove directory", this.directory, error);
      }
    });
  }

  private readOwner(): Owner | undefined {
    try {
      return JSON.parse(readFileSync(this.lock, "utf8"));
    } catch {
      // It is not there, or empty yet.
      return undefined;
    }
  }
}

function isMissing(error: unknown): boolean {
  return TsdError.is(error, "kernel") && error.details.errno === "ENOENT";
}

// A launcher loads on any Node.js, and only then looks at its version: some do not know the name of this module.
const fs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");

/** <linux/stat.h>: writable by the group or by others, as every symbolic link is by its mode. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * A directory of compiled code below `cache`, beside the code that it is compiled from. V8 runs what it finds there instead of
 * that code. So it must be what root, the caller or the owner of the code wrote, whatever the umask was: all else is not used.
 */
export class CodeCache {
  readonly path: string;

  /** `code` is the directory of the code. */
  constructor(
    private readonly code: string,
    name: string,
  ) {
    this.path = `${code}/cache/${name}`;
  }

  /** Makes it where it is missing. Returns whether it can be used; throws where nothing can be written. */
  make(): boolean {
    return this.directories().every((path) => {
      if (statusOf(path) === undefined) fs().mkdirSync(path, { mode: 0o755 });
      return this.owns(path);
    });
  }

  /** False where another user can have put something there, and where it does not exist. */
  isSafe(): boolean {
    return this.directories().every((path) => this.owns(path));
  }

  /** Whether no other user can have written this file or directory of the cache. */
  owns(path: string): boolean {
    const status = statusOf(path);
    return status !== undefined && (status.mode & WRITABLE_BY_OTHERS) === 0 && this.trusts(status.uid);
  }

  private trusts(uid: number): boolean {
    return uid === 0 || uid === process.geteuid?.() || uid === fs().statSync(this.code).uid;
  }

  /** From the top down: only in a directory that is safe does another stay what it is. */
  private directories(): readonly string[] {
    return [`${this.code}/cache`, this.path];
  }
}

/** Undefined also for what cannot be looked at. */
function statusOf(path: string): import("node:fs").Stats | undefined {
  try {
    return fs().lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

import { accessSync, closeSync, constants, existsSync, openSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { openFilesHints } from "../errors/open-files.js";
import { TsdError, type TsdErrorInit } from "../errors/tsd-error.js";
import { findLockHolder } from "./lock-holder.js";

/** Primary result codes of SQLite (sqlite.org/rescode.html); an extended code holds one in its low byte. */
const result = {
  perm: 3,
  busy: 5,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  notadb: 26,
} as const;

/** What opening needs at least: the `-shm` file grows by so many bytes at once (SQLite, wal.c, `WALINDEX_PGSZ`). */
const SHM_REGION = 32_768;

/** Files that SQLite makes beside a database that is used, `-wal` and `-shm`. */
const JOURNAL_FILES = 2;

interface SqliteError {
  readonly code: "ERR_SQLITE_ERROR";
  readonly errcode: number;
  readonly message: string;
}

/** The TsdError for anything that SQLite or the file system says about the database at `path`; other values as they are. */
export function toStoreError(error: unknown, path: string): unknown {
  if (isSqliteError(error)) return fromSqlite(error, path);
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  // What Node's recursive mkdir says on a read-only file system.
  return fromErrno(errno === "ENOENT" ? (obstacle(path) ?? errno) : errno, path, error);
}

/** True where another process has the lock. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && error.errcode === result.busy;
}

/** True where the database can perhaps be read and surely not be written: by its disk, not by what it is. */
export function isUnwritable(error: unknown): boolean {
  if (!TsdError.is(error, "store")) return false;
  if (error.code === "TSD_STORE_READ_ONLY" || error.code === "TSD_STORE_DISK_FULL") return true;
  return (Number(error.details.sqlite) & 0xff) === result.ioerr;
}

/** For a database whose content is not what tsd wrote. */
export function damagedStore(path: string, found: string, cause?: unknown): TsdError {
  return storeError(path, cause, {
    code: "TSD_STORE_DAMAGED",
    message: `the state database ${path} is damaged: ${found}`,
    hint: `It was left as it is. Put back a copy of it, or move it away to start afresh: mv ${path} ${path}.damaged`,
  });
}

function fromSqlite(error: SqliteError, path: string): TsdError {
  switch (error.errcode & 0xff) {
    case result.busy:
      return busyStore(path, error);
    case result.corrupt:
    case result.notadb:
      return damagedStore(path, error.message, error);
    case result.full:
      return fromErrno("ENOSPC", path, error);
    case result.perm:
    case result.readonly:
    case result.ioerr:
    case result.cantopen: {
      const errno = obstacle(path);
      if (errno !== undefined) return fromErrno(errno, path, error);
    }
  }
  return storeError(path, error, {
    code: "TSD_STORE_FAILED",
    message: `the state database ${path} cannot be used: ${error.message}`,
    hint: "Look for errors of the disk, and at the limit on the size of files: dmesg | tail; ulimit -f",
    details: { sqlite: error.errcode },
  });
}

function fromErrno(errno: string, path: string, cause: unknown): TsdError {
  switch (errno) {
    case "EACCES":
    case "EPERM":
      return storeError(path, cause, {
        kind: "permission",
        code: "TSD_STORE_PERMISSION",
        message: `you may not use the state database ${path}`,
        hint: "Run tsd as root, or name a directory of your own with TSD_ROOT.",
      });
    case "EROFS":
      return storeError(path, cause, {
        code: "TSD_STORE_READ_ONLY",
        message: `the state database ${path} is on a read-only file system`,
        hint: "Mount it writable, or name another directory with TSD_ROOT.",
      });
    case "ENOSPC":
    case "EDQUOT":
      return storeError(path, cause, {
        code: "TSD_STORE_DISK_FULL",
        message: `the disk is full: the state database ${path} cannot grow`,
        hint: `Make room on the file system of ${dirname(path)}; the next command finishes or undoes what was begun.`,
      });
    case "EMFILE":
    case "ENFILE":
      return storeError(path, cause, {
        code: "TSD_STORE_FAILED",
        message: `too many files are open to open the state database ${path} (${errno})`,
        hint: openFilesHints[errno],
        details: { errno },
      });
    default:
      return storeError(path, cause, {
        code: "TSD_STORE_FAILED",
        message: `the state database ${path} cannot be opened: ${errno}`,
        hint: `Check what ${path} is, or name another directory with TSD_ROOT.`,
        details: { errno },
      });
  }
}

function busyStore(path: string, cause: SqliteError): TsdError {
  const holder = findLockHolder(path);
  if (holder === undefined) {
    return storeError(path, cause, {
      code: "TSD_STORE_BUSY",
      message: `the state database ${path} is locked by another process`,
      hint: "Wait for other tsd commands to end, then try again.",
    });
  }
  const { pid, command } = holder;
  return storeError(path, cause, {
    code: "TSD_STORE_BUSY",
    message: `the state database ${path} is locked by process ${pid}${command === "" ? "" : ` (${command})`}`,
    hint: `Wait for that process to end, or see what it waits for: cat /proc/${pid}/stack`,
    details: { pid, command },
  });
}

/** SQLite's codes for files that it cannot open or extend hide the errno; asking again for what it needs shows it. */
function obstacle(path: string): string | undefined {
  let directory = dirname(path);
  while (!existsSync(directory)) directory = dirname(directory);
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    if (existsSync(path)) closeSync(openSync(path, "r+"));
    const { blocks, bavail, bsize, files, ffree } = statfsSync(directory);
    // A file system of the kernel's own, such as /proc, has no blocks; others make inodes as they need them.
    const isFull = blocks > 0 && (bavail * bsize < SHM_REGION || (files > 0 && ffree < JOURNAL_FILES));
    return isFull ? "ENOSPC" : undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

function storeError(path: string, cause: unknown, init: Partial<TsdErrorInit> & Omit<TsdErrorInit, "kind">): TsdError {
  return new TsdError({ kind: "store", ...init, details: { path, ...init.details }, cause });
}

function isSqliteError(error: unknown): error is SqliteError {
  return hasCode(error) && error.code === "ERR_SQLITE_ERROR" && "errcode" in error && typeof error.errcode === "number";
}

function errnoOf(error: unknown): string | undefined {
  return hasCode(error) && "syscall" in error ? error.code : undefined;
}

function hasCode(error: unknown): error is { readonly code: string } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}

import { readFileSync, statSync } from "node:fs";

/** In WAL mode the writer's lock is one on this byte of the `-shm` file (SQLite, wal.c, `WALINDEX_LOCK_OFFSET`). */
const WRITE_LOCK_BYTE = 120;

/** `1: POSIX  ADVISORY  WRITE 4711 fe:00:2147217 120 120`, after proc_locks(5): pid, device and inode, first and last byte. */
const lockLine = /POSIX\s+\S+\s+WRITE\s+(?<pid>\d+)\s+\S+:(?<inode>\d+)\s+(?<first>\d+)\s+(?<last>\d+|EOF)/;

/** How much of a command is worth a place in a sentence. */
const COMMAND_LENGTH = 100;

export interface LockHolder {
  readonly pid: number;
  /** Its words, cut where they are many; empty where they cannot be read. */
  readonly command: string;
}

/** The process that is writing to the database at `path`; undefined if none is, or one in another pid namespace. */
export function findLockHolder(path: string): LockHolder | undefined {
  try {
    const inode = statSync(`${path}-shm`, { bigint: true }).ino;
    for (const line of readFileSync("/proc/locks", "utf8").split("\n")) {
      const lock = lockLine.exec(line)?.groups;
      if (lock === undefined || lock.inode !== String(inode)) continue;
      if (Number(lock.first) > WRITE_LOCK_BYTE || Number(lock.last) < WRITE_LOCK_BYTE) continue;
      return { pid: Number(lock.pid), command: commandOf(Number(lock.pid)) };
    }
  } catch {
    // No /proc, or the file went away while we looked: then no process can be named.
  }
  return undefined;
}

/** `tsd network rm web` for a tsd of ours, whatever Node.js and options it runs with; others without their program's directory. */
function commandOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .replace(/[\0\s]+/g, " ")
      .replace(/^\S*node .*\/tsd\.cjs /, "tsd ")
      .replace(/^\S*\//, "")
      .trim();
    return text.length > COMMAND_LENGTH ? `${text.slice(0, COMMAND_LENGTH)}…` : text;
  } catch {
    return "";
  }
}

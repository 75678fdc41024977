import { readFileSync, statSync } from "node:fs";

/** In WAL mode the writer's lock is one on this byte of the `-shm` file (SQLite, wal.c, `WALINDEX_LOCK_OFFSET`). */
const WRITE_LOCK_BYTE = 120;

/** `1: POSIX  ADVISORY  WRITE 4711 fe:00:2147217 120 120`, after proc_locks(5): pid, device and inode, first and last byte. */
const lockLine = /POSIX\s+\S+\s+WRITE\s+(?<pid>\d+)\s+\S+:(?<inode>\d+)\s+(?<first>\d+)\s+(?<last>\d+|EOF)/;

/** Pid of the process that is writing to the database at `path`; undefined if none is, or one in another pid namespace. */
export function findLockHolder(path: string): number | undefined {
  try {
    const inode = statSync(`${path}-shm`, { bigint: true }).ino;
    for (const line of readFileSync("/proc/locks", "utf8").split("\n")) {
      const lock = lockLine.exec(line)?.groups;
      if (lock === undefined || lock.inode !== String(inode)) continue;
      if (Number(lock.first) > WRITE_LOCK_BYTE || Number(lock.last) < WRITE_LOCK_BYTE) continue;
      return Number(lock.pid);
    }
  } catch {
    // No /proc, or the file went away while we looked: then there is nobody to name.
  }
  return undefined;
}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Directories for unfinished work, each named after the process that made it, so that another process can tell a crashed
 * one's from a living one's.
 */
export class WorkArea {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes an empty directory, runs `work` with its path, and removes it whatever happens. */
  async use<T>(work: (directory: string) => Promise<T>): Promise<T> {
    const owner = `${process.pid}.${startOf(process.pid)}`;
    const directory = join(this.#root, `${owner}.${randomBytes(4).toString("hex")}`);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      return await work(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Removes what processes left that are gone. Answers whether any living process, this one included, is at work. */
  async sweep(): Promise<boolean> {
    let busy = false;
    for (const name of await readdir(this.#root).catch(() => [])) {
      const [pid, start] = name.split(".");
      if (pid !== undefined && start !== undefined && startOf(Number(pid)) === start) busy = true;
      else await rm(join(this.#root, name), { recursive: true, force: true });
    }
    return busy;
  }
}

/** Start time of a process in clock ticks since boot (`proc_pid_stat(5)`, field 22); undefined if there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

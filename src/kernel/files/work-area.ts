import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { boundaryOperation } from "../boundary-operation.js";
import { processes, startOf } from "../process-identity.js";

/**
 * Directories for unfinished work, each named after the process that made it, so that another process can distinguish a
 * crashed one's from a living one's.
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
    const what = () => `make ${directory}/`;
    await boundaryOperation({ into: "file", what }, () => mkdir(directory, { recursive: true, mode: 0o700 }));
    try {
      return await work(directory);
    } finally {
      await remove(directory);
    }
  }

  /** Whether any living process, this one included, is at work, and what those left that are gone. */
  async look(): Promise<{ readonly busy: boolean; readonly left: readonly string[] }> {
    const names = await readdir(this.#root).catch(() => []);
    const left = names.filter((name) => !isOfLiving(name)).map((name) => join(this.#root, name));
    return { busy: left.length < names.length, left };
  }

  /** Removes what processes left that are gone. Returns whether any living process, this one included, is at work. */
  async sweep(): Promise<boolean> {
    const { busy, left } = await this.look();
    for (const directory of left) await remove(directory);
    return busy;
  }
}

function isOfLiving(name: string): boolean {
  const [pid, start] = name.split(".").map(Number);
  return pid !== undefined && start !== undefined && processes.isRunning({ pid, start });
}

async function remove(directory: string): Promise<void> {
  const what = () => `remove ${directory}/`;
  // Programs of a process that has just died may be about to end.
  const patience = { maxRetries: 8, retryDelay: 10 };
  await boundaryOperation({ into: "file", what }, () => rm(directory, { recursive: true, force: true, ...patience }));
}

import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { mustRun } from "./program.js";

/** A file system of its own in place of a directory, with what the directory holds. What is changed there goes with it. */
export class SmallDisk {
  readonly #ballast: string;

  private constructor(private readonly directory: string) {
    this.#ballast = join(directory, "ballast");
  }

  static async over(directory: string, megabytes: number, inodes = 10_000): Promise<SmallDisk> {
    const place = mkdtempSync(join(tmpdir(), "tsd-disk-"));
    await mustRun(["mount", "-t", "tmpfs", "-o", `mode=700,size=${megabytes}m,nr_inodes=${inodes}`, "tmpfs", place]);
    await mustRun(["cp", "--archive", `${directory}/.`, place]);
    await mustRun(["mount", "--move", place, directory]);
    rmdirSync(place);
    return new SmallDisk(directory);
  }

  /** Fills it but for so many KiB, in whole pages. */
  fill(room: number): void {
    const { bavail, bsize } = statfsSync(this.directory);
    writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - room * 1024)));
  }

  /** Takes all inodes. */
  fillInodes(): void {
    mkdirSync(this.#ballast);
    for (let left = statfsSync(this.directory).ffree; left > 0; left--) writeFileSync(`${this.#ballast}/${left}`, "");
  }

  /** Waits until somebody else has filled it. */
  async whenFull(): Promise<void> {
    while (statfsSync(this.directory).bavail > 0) await setTimeout(20);
  }

  makeRoom(): void {
    rmSync(this.#ballast, { force: true, recursive: true });
  }

  /** For who opens a file from now on; a container's supervisor goes on to write its log. */
  async makeReadOnly(): Promise<void> {
    await mustRun(["mount", "--bind", this.directory, this.directory]);
    await mustRun(["mount", "-o", "remount,ro,bind", this.directory]);
  }

  async makeWritable(): Promise<void> {
    await mustRun(["umount", this.directory]);
  }

  async remove(): Promise<void> {
    await mustRun(["umount", this.directory]);
  }
}

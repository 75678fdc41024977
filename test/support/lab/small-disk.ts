import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "./program.js";

/** A file system of its own in place of a directory, with what the directory holds. What is changed there goes with it. */
export class SmallDisk {
  readonly #ballast: string;

  private constructor(private readonly directory: string) {
    this.#ballast = join(directory, "ballast");
  }

  static async over(directory: string, megabytes: number): Promise<SmallDisk> {
    const place = mkdtempSync(join(tmpdir(), "tsd-disk-"));
    await mustRun(["mount", "-t", "tmpfs", "-o", `mode=700,size=${megabytes}m`, "tmpfs", place]);
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

  makeRoom(): void {
    rmSync(this.#ballast, { force: true });
  }

  async remove(): Promise<void> {
    await mustRun(["umount", this.directory]);
  }
}

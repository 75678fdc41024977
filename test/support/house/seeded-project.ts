import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A project of its own, in which violations are planted for a guard to find. It shares this project's packages. */
export class SeededProject {
  readonly root = mkdtempSync(join(tmpdir(), "tsd-seeded-"));

  constructor() {
    symlinkSync(resolve("node_modules"), join(this.root, "node_modules"));
  }

  write(file: string, text: string): void {
    const path = join(this.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a program of this project's packages there. */
  run(program: string, ...args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(resolve("script/with-node"), [program, ...args], {
      cwd: this.root,
      encoding: "utf8",
      env: { PATH: process.env.PATH, NO_COLOR: "1" },
    });
    return { status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

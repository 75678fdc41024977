import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import type { Health } from "../api/index.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";

/** What checks said, a file for each container: below TSD_RUN, where writing costs no disk. */
export class HealthFiles {
  constructor(private readonly directory: string) {}

  /** Of the run that began at `startedAt`. */
  write(id: string, startedAt: string, health: Health): void {
    const path = this.path(id);
    boundaryOperation({ into: "file", what: () => `write ${path}` }, () => {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify({ startedAt, health }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    });
  }

  /** Undefined where nothing of that run was checked. */
  read(id: string, startedAt: string): Health | undefined {
    try {
      const said: { startedAt: string; health: Health } = JSON.parse(readFileSync(this.path(id), "utf8"));
      return said.startedAt === startedAt ? said.health : undefined;
    } catch {
      return undefined;
    }
  }

  /** Also of a process that was killed as it wrote. */
  remove(ids: readonly string[]): void {
    boundaryOperation({ into: "file", what: () => `remove what checks said in ${this.directory}` }, () => {
      for (const path of ids.map((id) => this.path(id)))
        for (const file of [path, `${path}.new`]) rmSync(file, { force: true });
      try {
        rmdirSync(this.directory);
      } catch {
        // Others have theirs there, or the process that checks.
      }
    });
  }

  private path(id: string): string {
    return `${this.directory}/${id}`;
  }
}

import type { Sweeper } from "../api/index.js";
import type { Runtime } from "../contracts/index.js";
import { namesIn } from "../kernel/files/names-in.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import { supervisorsBelow } from "./supervisors.js";

interface Runs {
  /** Holds a directory per container while it runs. */
  readonly runDir: string;
  readonly runtime: () => Promise<Pick<Runtime, "remove">>;
  /** Ids of the containers that run, or start, or stop at this moment. */
  readonly running: () => readonly string[];
}

/** Processes, run-time files and cgroups of containers that do not run by their rows, or have none. */
export function runSweeper({ runDir, runtime, running }: Runs): Sweeper {
  return sweeperOf<string>({
    list() {
      const ids = namesIn(runDir).filter((name) => /^[0-9a-f]{64}$/.test(name));
      return [...new Set([...ids, ...supervisorsBelow(runDir).keys()])];
    },
    orphanOf: (id) => ({
      kind: "run",
      what: `${runDir}/${id}`,
      why: "no container runs by that id",
    }),
    claims() {
      const ids = new Set(running());
      return (id) => ids.has(id);
    },
    async free(runs) {
      for (const id of runs) await (await runtime()).remove({ id });
    },
  });
}

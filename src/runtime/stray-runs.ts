import { readlinkSync } from "node:fs";
import type { Runtime, RuntimeProcess, Sweeper } from "../api/index.js";
import { namesIn } from "../kernel/names-in.js";
import { startOf } from "../kernel/process-identity.js";
import { sweeperOf } from "../kernel/sweeper-of.js";
import { removeCgroups } from "./cgroup-remains.js";
import { childrenOf, killAndWait, processArguments } from "./process-table.js";

/** What is left of a container's run. */
interface Run {
  readonly id: string;
  readonly supervisors: readonly number[];
}

interface Runs {
  /** Holds a directory per container while it runs. */
  readonly runDir: string;
  readonly runtime: () => Promise<Pick<Runtime, "remove">>;
  /** Ids of the containers that run, or start, or stop at this moment. */
  readonly running: () => readonly string[];
}

/** Processes, run-time files and cgroups of containers that do not run by their rows, or have none. */
export function runSweeper({ runDir, runtime, running }: Runs): Sweeper {
  return sweeperOf<Run>({
    list() {
      const supervisors = supervisorsBelow(runDir);
      const ids = namesIn(runDir).filter((name) => /^[0-9a-f]{64}$/.test(name));
      return [...new Set([...ids, ...supervisors.keys()])].map((id) => ({
        id,
        supervisors: supervisors.get(id) ?? [],
      }));
    },
    strayOf: ({ id }) => ({
      kind: "run",
      what: `${runDir}/${id}`,
      why: "no container runs by that id",
    }),
    claims() {
      const ids = new Set(running());
      return ({ id }) => ids.has(id);
    },
    async free(runs) {
      for (const { id, supervisors } of runs) {
        const processes = supervisors.flatMap((pid) => [pid, ...childrenOf(pid)]).flatMap(identify);
        await (await runtime()).remove(id);
        // Where the files that name them are gone.
        for (const process of processes) await killAndWait(process);
        await removeCgroups(id);
      }
    },
  });
}

/**
 * Living supervisors by their container's id. In another mount namespace the same path may be another installation's.
 */
function supervisorsBelow(runDir: string): ReadonlyMap<string, readonly number[]> {
  const found = namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = processArguments(Number(pid));
      if (words.includes("--cid") && mountNamespaceOf(pid) !== mountNamespaceOf("self")) return [];
      const bundle = words[words.indexOf("--bundle") + 1];
      const id = words[words.indexOf("--cid") + 1];
      return id !== undefined && bundle === `${runDir}/${id}` ? [{ id, pid: Number(pid) }] : [];
    });
  return new Map([...Map.groupBy(found, ({ id }) => id)].map(([id, list]) => [id, list.map(({ pid }) => pid)]));
}

function identify(pid: number): readonly RuntimeProcess[] {
  const start = startOf(pid);
  return start === undefined ? [] : [{ pid, start }];
}

/** Undefined for a process that is gone. */
function mountNamespaceOf(process: string): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/ns/mnt`);
  } catch {
    return undefined;
  }
}

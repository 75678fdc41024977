import type { Sweeper } from "../api/index.js";
import { namesIn } from "../kernel/files/names-in.js";
import { statusOf } from "../kernel/files/path-status.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import { logName, removeLog } from "./log-file.js";

/** Logs whose container has no row. `containers` returns the ids of those that have. */
export function logSweeper(directory: string, containers: () => readonly string[]): Sweeper {
  return sweeperOf<string>({
    list: () =>
      namesIn(directory)
        .filter((name) => /^[0-9a-f]{64}\.log(\.\d{1,4}|\.tmp)?$/.test(name))
        .filter((name) => statusOf(`${directory}/${name}`)?.isDirectory() === false),
    orphanOf: (name) => ({ kind: "log", what: `${directory}/${name}`, why: "its container is gone" }),
    claims() {
      const names = new Set(containers().map(logName));
      return (name) => names.has(name.replace(/\.(\d+|tmp)$/, ""));
    },
    free(names) {
      for (const name of names) removeLog(`${directory}/${name}`);
    },
  });
}

import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { namesIn } from "../files/names-in.js";
import { startOf } from "../process-identity.js";
import { signalProcess } from "./signal-process.js";

/**
 * Kills what a runtime runs, and all that this has begun and that is still in its process group. A runtime passes other signals on
 * to the command, which is its child; this one would end the runtime alone, which is left to report the end.
 */
export function killCommand({ pid, exitCode, signalCode }: ChildProcess): void {
  // Once it has ended, its pid may be another's.
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  const all = runningProcesses();
  const children = all.filter(({ parent }) => parent === pid);
  const groups = new Set([pid, ...children.map(({ group }) => group)]);
  for (const one of all) if (one.pid !== pid && (one.parent === pid || groups.has(one.group))) kill(one.pid);
}

function kill(pid: number): void {
  const start = startOf(pid);
  if (start !== undefined) signalProcess({ pid, start }, constants.signals.SIGKILL);
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** From proc_pid_stat(5), whose second field is a name that may hold anything. */
function runningProcesses(): readonly Running[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [, parent, group] = /^\d+ \(.*\) \S (\d+) (\d+)/s.exec(statusOf(name)) ?? [];
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
    });
}

/** Empty for a process that ends meanwhile. */
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RuntimeProcess } from "../api/index.js";
import { monotonicTime } from "../contracts/clock.js";
import { processes, startOf } from "../kernel/process-identity.js";
import { signalProcess } from "../kernel/programs/signal-process.js";

/** The argument list of a process; empty for one that is gone. */
export function processArguments(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** Processes that it started and that live, proc_pid_task_children(5). */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Kills a process and returns once it is gone; false if it still lives after two seconds, stuck in the kernel. */
export async function killAndWait(process: RuntimeProcess): Promise<boolean> {
  const deadline = monotonicTime() + 2_000;
  if (processes.isRunning(process)) signalProcess(process, 9);
  while (processes.isRunning(process)) {
    if (monotonicTime() > deadline) return false;
    await sleep(1);
  }
  return true;
}

/** Distinguishes a living process from a later one with its pid; undefined for one that is gone. */
export function identify(pid: number): RuntimeProcess | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start };
}

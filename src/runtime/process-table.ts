import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RuntimeProcess } from "../api/index.js";

/** Clock ticks since boot at which a process started; undefined for one that is gone or only waits to be reaped. */
export function processStart(pid: number): number | undefined {
  const stat = readProc(pid, "stat");
  if (stat === undefined) return undefined;
  // proc_pid_stat(5): the second field is in brackets and may itself hold blanks and brackets. State is field 3, start 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const isDead = fields[0] === "Z" || fields[0] === "X";
  return isDead ? undefined : Number(fields[19]);
}

export function isRunning({ pid, start }: RuntimeProcess): boolean {
  return processStart(pid) === start;
}

/** The argument list of a process; empty for one that is gone. */
export function processArguments(pid: number): readonly string[] {
  return readProc(pid, "cmdline")?.split("\0") ?? [];
}

/** Kills a process and answers once it is gone; false if it still lives after two seconds, stuck in the kernel. */
export async function killAndWait(process: RuntimeProcess): Promise<boolean> {
  const deadline = performance.now() + 2_000;
  if (isRunning(process)) sendSignal(process.pid, 9);
  while (isRunning(process)) {
    if (performance.now() > deadline) return false;
    await sleep(1);
  }
  return true;
}

/** A process that is gone counts as signalled. */
export function sendSignal(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

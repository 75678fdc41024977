import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import type { Exit } from "../contracts/index.js";
import { processes } from "../kernel/process-identity.js";
import type { Bundle } from "./bundle.js";
import { ranOutOfMemory } from "./memory-events.js";
import { supervisorOf } from "./supervisors.js";

/** Milliseconds from the end of a process to its supervisor's record of it. */
const RECORD_PATIENCE = 1000;

/** See {@link Runtime.recordedExit}. */
export async function recordedExit(bundle: Bundle): Promise<Exit | undefined> {
  const supervisor = supervisorOf(bundle);
  const deadline = monotonicTime() + RECORD_PATIENCE;
  const isComing = (): boolean => supervisor !== undefined && processes.isRunning(supervisor);
  while (bundle.readExit() === undefined && isComing() && monotonicTime() < deadline) await sleep(2);
  const exit = bundle.readExit();
  return exit !== undefined && ranOutOfMemory(bundle.id) ? { ...exit, outOfMemory: true } : exit;
}

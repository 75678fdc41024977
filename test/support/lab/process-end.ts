import { existsSync } from "node:fs";

/** Waits until a process that was killed is gone; throws if it still lives after five seconds. */
export async function endOf(pid: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (existsSync(`/proc/${pid}`)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not end`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { startOf } from "../../../src/kernel/process-identity.js";
import { signalProcess } from "../../../src/kernel/programs/signal-process.js";

/** A process, and when it started. */
async function begin(): Promise<{ readonly child: ChildProcess; readonly pid: number; readonly start: number }> {
  const child = spawn("sleep", ["600"]);
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  return { child, pid, start: startOf(pid) ?? 0 };
}

test("a signal reaches the process that started then, and none that has its number by now", async () => {
  const { child, pid, start } = await begin();
  signalProcess({ pid, start: start - 1 }, 9);
  signalProcess({ pid, start }, 0);
  signalProcess({ pid, start }, 15);
  expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  expect(() => signalProcess({ pid, start }, 9)).not.toThrow();
});

test("one that the kernel knows no signal for is refused in words", async () => {
  const { child, pid, start } = await begin();
  expect(() => signalProcess({ pid, start }, 99)).toThrow(`cannot send signal 99 to process ${pid}`);
  signalProcess({ pid, start }, 9);
  await once(child, "exit");
});

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { processes, startOf } from "../../../src/kernel/process-identity.js";

test("the calling process is alive, and nobody else by its pid", () => {
  const self = processes.self();
  expect(self.pid).toBe(process.pid);
  expect(self.bootId).toBe(readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  expect(processes.isAlive(self)).toBe(true);
  expect(processes.isAlive({ ...self, start: self.start + 1 })).toBe(false);
  expect(processes.isAlive({ ...self, bootId: "an earlier boot" })).toBe(false);
});

test("a process is running until it is killed, zombie or not", async () => {
  // The shell starts a child, then becomes a program that never waits for it.
  const parent = spawn("sh", ["-c", "sleep 30 & echo $!; exec sleep 30"]);
  try {
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
    const start = startOf(pid);
    if (start === undefined) throw new Error("the child has no start time");
    const isShell = () => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sh\n";
    for (const deadline = performance.now() + 4000; isShell() && performance.now() < deadline; ) await sleep(1);
    expect(processes.isRunning({ pid, start })).toBe(true);
    process.kill(pid, "SIGKILL");
    const isZombie = () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    for (const deadline = performance.now() + 4000; !isZombie() && performance.now() < deadline; ) await sleep(1);
    expect(isZombie()).toBe(true);
    expect(processes.isRunning({ pid, start })).toBe(false);
  } finally {
    parent.kill();
  }
});

test("a pid that nobody has", () => {
  expect(startOf(2 ** 22 + 1)).toBeUndefined();
  expect(processes.isRunning({ pid: 2 ** 22 + 1, start: 1 })).toBe(false);
});

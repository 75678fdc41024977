import { closeSync, openSync } from "node:fs";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { libc } from "../../../src/kernel/libc.js";
import { exec } from "../../../src/kernel/programs/exec.js";
import { filterExec } from "../../../src/kernel/programs/pipe-exec.js";
import { collect } from "../../../src/kernel/programs/spawn.js";

/** <asm-generic/fcntl.h>; the new descriptor is not closed on exec. */
const F_DUPFD = 0;
const inherited: number[] = [];

beforeAll(() => {
  const file = openSync("/proc/self/status", "r");
  // Behind a gap, where Node.js itself does not look.
  for (const at of [77, 200]) inherited.push(libc().fcntl(file, F_DUPFD, at));
  closeSync(file);
  process.env.LISTEN_FDS = "2";
  process.env.NOTIFY_SOCKET = "/run/notify";
});
afterAll(() => {
  for (const descriptor of inherited) closeSync(descriptor);
  delete process.env.LISTEN_FDS;
  delete process.env.NOTIFY_SOCKET;
});

const script = "ls -l /proc/self/fd | grep -c /status; env | grep -cE '^(LISTEN_FDS|NOTIFY_SOCKET|ADDED)='; true";
const shell = ["-c", script];

test.each<[string, () => Promise<string>, string]>([
  ["collect", async () => (await collect("sh", shell)).stdout, "0\n0\n"],
  ["exec", async () => (await exec("sh", shell, { env: { ADDED: "1" } })).stdout, "0\n1\n"],
  ["filterExec", () => text(filterExec("sh", shell, Readable.from([]))), "0\n0\n"],
])("a program that %s starts inherits no descriptor, and nothing of a service manager", async (_, run, expected) => {
  expect((await run()).trim()).toBe(expected.trim());
});

import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { processes } from "../../src/kernel/process-identity.js";
import { useTsdLab } from "../cli/tsd-lab.js";
import { preloading } from "../support/faults/preloading.js";

const lab = useTsdLab();
/** TSD_SOAK_FIGURES: a long run, which harms it before each step. */
const isLong = process.env.TSD_SOAK_FIGURES !== undefined;
/** Parts of a command in a short run, each with what happens to the resolver there. */
const SHORT = [
  [0.5, "SIGKILL"],
  [0.99, "SIGSTOP"],
] as const;

const tsd = (...words: readonly string[]): Promise<string> => lab().host.mustTsd(words);
const lockFile = (): string => `${lab().host.runDirectory}/resolver/lock`;
const runWeb = ["run", "-d", "--name", "web", "--net", "name=a,ip=10.80.0.9", "busybox", "sleep", "600"];
const connect = ["network", "connect", "--ip", "10.81.0.9", "b", "web"];

/** In an order in which each command finds what the last has made. */
const commands = [
  { words: runWeb, back: ["rm", "-f", "web"], known: ["10.80.0.9"] },
  { words: connect, back: ["network", "disconnect", "b", "web"], known: ["10.80.0.9", "10.81.0.9"] },
  { words: ["network", "disconnect", "b", "web"], back: connect, known: ["10.80.0.9"] },
  { words: ["stop", "-t", "0", "web"], back: ["start", "web"], known: [] },
  { words: ["start", "web"], back: ["stop", "-t", "0", "web"], known: ["10.80.0.9"] },
  { words: ["rm", "-f", "web"], back: runWeb, known: [] },
];

test("a command works while its resolver is killed or stopped, check reports that, and reload repairs it", async () => {
  await tsd("network", "create", "--subnet", "10.80.0.1/24", "a");
  await tsd("network", "create", "--subnet", "10.81.0.1/24", "b");
  await tsd("run", "-d", "--name", "client", "--net", "a", "--net", "b", "busybox", "sleep", "600");
  for (const { words, back, known } of commands) {
    const events = await perform(words, "none", "SIGKILL");
    for (const [at, signal] of pointsOf(events)) {
      await tsd(...back);
      await perform(words, String(at), signal);
      const place = `${signal} at ${events[at]} of ${words.join(" ")}`;
      const { code } = await lab().host.tsd(["check"]);
      expect([place, code]).toEqual([place, isWell() ? 0 : 1]);
      await tsd("reload");
      expect([place, await tsd("check"), await answers()]).toEqual([place, "", known]);
    }
  }
  await tsd("rm", "-f", "client");
  await tsd("network", "rm", "a", "b");
}, 1_200_000);

function pointsOf(events: readonly string[]): readonly (readonly [at: number, signal: string])[] {
  if (!isLong) return SHORT.map(([part, signal]) => [Math.floor(part * events.length), signal]);
  const before = [...events.keys()].filter((at) => events[at]?.includes('"before"'));
  return before.map((at, count) => [at, count % 8 === 0 ? "SIGSTOP" : "SIGKILL"]);
}

/** The command, which succeeds whatever happens to the resolver. Returns its steps. */
async function perform(words: readonly string[], at: string, signal: string): Promise<readonly string[]> {
  const file = `${lab().host.root}/events`;
  const env = { TSD_TEST_AT: at, TSD_TEST_SIGNAL: signal, TSD_TEST_LOCK: lockFile(), TSD_TEST_EVENTS: file };
  await lab().host.mustTsd(words, { env: { ...env, ...preloading(resolve("test/support/faults/harm-resolver.mjs")) } });
  const lines = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return lines;
}

/** Whether there is a resolver that is not stopped. */
function isWell(): boolean {
  try {
    const owner = JSON.parse(readFileSync(lockFile(), "utf8"));
    return processes.isAlive(owner) && !/^State:\s+T/m.test(readFileSync(`/proc/${owner.pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function answers(): Promise<readonly string[]> {
  const { stdout } = await lab().host.tsd(["exec", "client", "nslookup", "-type=a", "web."]);
  const [, ...found] = [...stdout.matchAll(/^Address(?: \d+)?:\s*(\S+)$/gm)].map(([, address = ""]) => address);
  return found.sort();
}

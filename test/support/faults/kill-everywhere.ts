import { resolve } from "node:path";
import { expect } from "@jest/globals";
import type { Lab } from "../lab/lab.js";
import type { Agent, Call } from "./agent.js";
import type { DoomedCommand } from "./commands.js";
import { condition, contrast } from "./condition.js";

const preload = resolve("test/support/faults/kill-at.mjs");
/** 128 + SIGKILL. */
const KILLED = 137;
/** No command has more steps. */
const MANY = 1000;
/** Milliseconds for the kernel and supervisors to come to rest. */
const patience = 5000;

export interface DoomedWorld {
  readonly lab: Lab;
  readonly agent: Agent;
}

/**
 * Runs the command again and again and kills it at each of its steps over the border, the first time at the first. Each time
 * the next command must find or make all as it was before, or as it is after the whole command; kernel and store agree; the
 * same command once more succeeds. `stride` counts the steps from one kill to the next: 1 kills before and after each, 2
 * only before, since from there to the end of the step before it nothing happens outside. Answers the number of kills.
 */
export async function killEverywhere(
  { lab, agent }: DoomedWorld,
  { before = [], words, back, between }: DoomedCommand,
  stride: 1 | 2,
): Promise<number> {
  const { host } = lab;
  await agent.calls(before);
  const start = await condition(host);
  const parts = between === undefined ? [] : [await conditionAfter({ lab, agent }, between)];
  await host.mustTsd(words);
  const end = await condition(host);
  await agent.calls(back);
  await comesTo(lab, [start]);
  for (let at = 0; at < MANY; at += stride) {
    const env = { NODE_OPTIONS: `--import=${preload}`, TSD_TEST_KILL_AT: String(at) };
    const { code, stderr } = await host.tsd(words, { env });
    if (code !== KILLED) {
      expect({ code, stderr }).toMatchObject({ code: 0 });
      await comesTo(lab, [end]);
      await agent.calls(back);
      await comesTo(lab, [start]);
      return at / stride;
    }
    process.stderr.write(`AT ${at}\n`);
    await agent.call(["containers", "list"]);
    const found = await comesTo(lab, [start, end, ...parts]);
    expect(await agent.call(["system", "check"])).toBe(0);
    if (found === end) await agent.calls(back);
    await host.mustTsd(words);
    await comesTo(lab, [end]);
    await agent.calls(back);
    await comesTo(lab, [start]);
  }
  throw new Error(`tsd ${words.join(" ")} has no end`);
}

async function conditionAfter({ lab, agent }: DoomedWorld, calls: readonly Call[]): Promise<string> {
  await agent.calls(calls);
  return condition(lab.host);
}

function contrasts(conditions: readonly string[], found: string): string {
  const differences = conditions.map((expected) => contrast(expected, found).join("\n"));
  return `not as in any of ${conditions.length} conditions:\n${differences.join("\nnor:\n")}`;
}

/** Waits until all is as in one of `conditions`, and answers which. */
async function comesTo(lab: Lab, conditions: readonly string[]): Promise<string> {
  const deadline = Date.now() + patience;
  for (;;) {
    const now = await condition(lab.host);
    if (conditions.includes(now)) return now;
    if (Date.now() > deadline) throw new Error(contrasts(conditions, now));
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

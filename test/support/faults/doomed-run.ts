import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "@jest/globals";
import { isEmulated } from "../lab/emulation.js";
import type { TsdOptions } from "../lab/host.js";
import type { Lab } from "../lab/lab.js";
import { inHost, perform } from "./actions.js";
import type { Agent } from "./agent.js";
import { condition, contrast } from "./condition.js";
import type { DoomedCommand } from "./doomed-command.js";
import type { StepEvent } from "./kill-points.js";
import { preloading } from "./preloading.js";

const preload = resolve("test/support/faults/kill-at.mjs");
/** 128 + SIGKILL. */
const KILLED = 137;
/** Milliseconds for the kernel and supervisors to come to rest. */
const patience = isEmulated ? 120_000 : 5000;

/** What a command does when nothing kills it. */
export interface PeacefulRun {
  /** Milliseconds. */
  readonly took: number;
  readonly events: readonly StepEvent[];
}

/** A command on a host, and what the host is like before and after it. */
export class DoomedRun {
  #start = "";
  #end = "";
  #part: string | undefined;
  #kills = 0;

  /**
   * After each of so many kills, `wholeEvery`, the command runs to its end. After the others the next run, which is killed
   * later, is the proof that it can be done again.
   */
  constructor(
    private readonly lab: Lab,
    private readonly agent: Agent,
    private readonly command: DoomedCommand,
    private readonly wholeEvery = 1,
  ) {}

  /** Runs the command in peace, to know what it does, and goes back to where it starts. */
  async prepare(): Promise<PeacefulRun> {
    const { before = [], back, between } = this.command;
    await perform(this.lab.host, this.agent, before);
    this.#start = await this.#atRest();
    if (Array.isArray(between)) {
      await perform(this.lab.host, this.agent, between);
      this.#part = await this.#atRest();
    }
    const file = join(this.lab.host.root, "events");
    const begun = performance.now();
    await this.lab.host.mustTsd(this.#words(), this.#options({ TSD_TEST_EVENTS: file }));
    const took = performance.now() - begun;
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    rmSync(file);
    this.#end = await this.#atRest();
    await perform(this.lab.host, this.agent, back);
    await this.#comesTo(this.#start);
    return { took, events: lines.map((line) => JSON.parse(line)) };
  }

  /** Runs the command and kills it at the event of that number; false where it ends before, and all is well. */
  async killAt(at: number): Promise<boolean> {
    const { code, stderr } = await this.lab.host.tsd(this.#words(), this.#options({ TSD_TEST_KILL_AT: String(at) }));
    if (code === KILLED) {
      await this.#isMadeGood();
      return true;
    }
    expect({ code, stderr }).toMatchObject({ code: 0 });
    await this.#goBack();
    return false;
  }

  /** Kills the command some milliseconds after its start, be it within a step. */
  async killAfter(milliseconds: number): Promise<void> {
    const doomed = this.lab.host.startTsd(this.#words(), this.#options());
    await new Promise((wake) => setTimeout(wake, milliseconds));
    doomed.kill("SIGKILL");
    await doomed.ended;
    await this.#isMadeGood();
  }

  /**
   * The next command finds or makes all as it was before, or as it is after the whole command; kernel and store agree; the
   * same command once more succeeds. Leads back to where the command starts.
   */
  async #isMadeGood(): Promise<void> {
    const { between, back, next = [["containers", "list"]] } = this.command;
    const whole = this.#kills++ % this.wholeEvery === 0;
    await perform(this.lab.host, this.agent, next);
    if (between !== "any part") {
      const found = await this.#comesTo(this.#start, this.#end, ...(this.#part === undefined ? [] : [this.#part]));
      expect(await this.agent.call(["system", "check"])).toEqual([]);
      if (found === this.#start && !whole) return;
      if (found === this.#end) await perform(this.lab.host, this.agent, back);
      if (found === this.#end && !whole) return void (await this.#comesTo(this.#start));
    }
    await this.runWhole();
  }

  /** Runs the command to its end, and goes back to where it starts. */
  async runWhole(): Promise<void> {
    await this.lab.host.mustTsd(this.#words(), this.#options());
    await this.#goBack();
  }

  /** The condition once the exit commands of containers that ended are over. */
  async #atRest(): Promise<string> {
    const deadline = Date.now() + patience;
    for (;;) {
      const now = await condition(this.lab.host);
      if (!/^process .* container release /m.test(now) || Date.now() > deadline) return now;
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  async #goBack(): Promise<void> {
    await this.#comesTo(this.#end);
    await perform(this.lab.host, this.agent, this.command.back);
    await this.#comesTo(this.#start);
  }

  #words(): readonly string[] {
    return inHost(this.lab.host, this.command.words);
  }

  /** With variables for kill-at.mjs, which is loaded if there are any. */
  #options(forKillAt?: Readonly<Record<string, string>>): TsdOptions {
    const { env, input, launcher } = this.command;
    return {
      env: { ...env, ...(forKillAt && { ...forKillAt, ...preloading(preload) }) },
      ...(input === undefined ? {} : { input }),
      ...(launcher === undefined ? {} : { launcher }),
    };
  }

  /** Waits until all is as in one of `conditions`, and returns which. */
  async #comesTo(...conditions: readonly string[]): Promise<string> {
    const deadline = Date.now() + patience;
    for (;;) {
      const now = await condition(this.lab.host);
      if (conditions.includes(now)) return now;
      if (Date.now() > deadline) throw new Error(differences(conditions, now));
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }
}

function differences(conditions: readonly string[], found: string): string {
  const each = conditions.map((expected) => contrast(expected, found).join("\n"));
  return `as in none of ${conditions.length} conditions:\n${each.join("\nnor:\n")}`;
}

import { resolve } from "node:path";
import { expect } from "@jest/globals";
import { isEmulated } from "../lab/emulation.js";
import type { TsdOptions } from "../lab/host.js";
import type { Lab } from "../lab/lab.js";
import { inHost, perform } from "./actions.js";
import type { Agent } from "./agent.js";
import { condition, contrast } from "./condition.js";
import type { DoomedCommand } from "./doomed-command.js";

const preload = resolve("test/support/faults/kill-at.mjs");
/** 128 + SIGKILL. */
const KILLED = 137;
/** No command has more steps. */
const MANY = 1000;
/** Milliseconds for the kernel and supervisors to come to rest. */
const patience = isEmulated ? 120_000 : 5000;

/** A command on a host, and what the host is like before and after it. */
export class DoomedRun {
  #start = "";
  #end = "";
  #part: string | undefined;

  constructor(
    private readonly lab: Lab,
    private readonly agent: Agent,
    private readonly command: DoomedCommand,
  ) {}

  /** Runs the command in peace, to know what it does, and goes back to where it starts. Returns how long it took, in ms. */
  async prepare(): Promise<number> {
    const { before = [], back, between } = this.command;
    await perform(this.lab.host, this.agent, before);
    this.#start = await this.#atRest();
    if (Array.isArray(between)) {
      await perform(this.lab.host, this.agent, between);
      this.#part = await this.#atRest();
    }
    const begun = performance.now();
    await this.lab.host.mustTsd(this.#words(), this.#options());
    const took = performance.now() - begun;
    this.#end = await this.#atRest();
    await perform(this.lab.host, this.agent, back);
    await this.#comesTo(this.#start);
    return took;
  }

  /**
   * Runs the command again and again and kills it at each of its steps over the border, the first time at the first.
   * `stride` counts the steps from one kill to the next: 1 kills before and after each, 2 only before, since from the end of
   * the one before it to there nothing happens outside. Returns the number of kills.
   */
  async killEverywhere(stride: 1 | 2): Promise<number> {
    const { each = 1 } = this.command;
    for (let kills = 0; kills < MANY; kills++) {
      if (!(await this.killAt(kills * each * stride))) return kills;
    }
    throw new Error(`tsd ${this.command.words.join(" ")} has no end`);
  }

  /** Runs the command and kills it at the step of that number; false where it ends before, and all is well. */
  async killAt(at: number): Promise<boolean> {
    const killed = { NODE_OPTIONS: `--import=${preload}`, TSD_TEST_KILL_AT: String(at) };
    const { code, stderr } = await this.lab.host.tsd(this.#words(), this.#options(killed));
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
   * same command once more succeeds.
   */
  async #isMadeGood(): Promise<void> {
    const { between, back, next = [["containers", "list"]] } = this.command;
    await perform(this.lab.host, this.agent, next);
    if (between !== "any part") {
      const found = await this.#comesTo(this.#start, this.#end, ...(this.#part === undefined ? [] : [this.#part]));
      expect(await this.agent.call(["system", "check"])).toEqual([]);
      if (found === this.#end) await perform(this.lab.host, this.agent, back);
    }
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

  #options(added: Readonly<Record<string, string>> = {}): TsdOptions {
    const { env, input, launcher } = this.command;
    return {
      env: { ...env, ...added },
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

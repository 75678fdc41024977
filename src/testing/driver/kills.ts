import { execFile } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { BOUNDARY_OPERATIONS, type BoundaryOperation, type Endpoint } from "../../api/index.js";
import { ownProgram } from "../../installation.js";
import type { Case, Chapter } from "../chapter.js";
import { contrast, expectSame, expectSameLines } from "../expectations.js";
import { withoutChance } from "../lab/chance.js";
import type { DoomedCall } from "./doomed-call.js";
import type { Stage } from "./stage.js";

/** How many kills of each command the short form has. */
const FEW = 5;
/** Milliseconds for the kernel to come to rest. */
const PATIENCE = 5000;
/** No command has more steps. */
const MANY = 2000;

interface Doomed extends Pick<DoomedCall, "area" | "method" | "args"> {
  /** Goes back to where the command starts. */
  readonly back: () => Promise<unknown>;
}

/** tsd dies at each step of what it does; the next command finishes or undoes it. */
export function kills(stage: Stage, long: boolean): Chapter {
  const doomed = (name: string, command: () => Promise<Doomed>): Case => ({
    name: `${name} is killed at ${long ? "every step" : "some steps"}, and the next command finishes or undoes it`,
    run: async () => killAll(stage, await command(), long),
  });
  const ends = (): Promise<readonly Endpoint[]> => stage.lab.withTsd((tsd) => tsd.endpoints.list());
  const removeFirst = () => stage.lab.withTsd((tsd) => tsd.networks.remove("kit-first"));
  return {
    title: "tsd is killed",
    open: () => stage.open(),
    cases: [
      doomed("a command that creates a network", async () => {
        return { area: "networks", method: "create", args: [stage.specOf("first")], back: removeFirst };
      }),
      doomed("a command that attaches a container", async () => {
        await stage.create();
        const back = async () => {
          const [end] = await ends();
          await stage.lab.withTsd((tsd) => tsd.endpoints.detach(end?.id ?? ""));
        };
        return { area: "endpoints", method: "attach", args: [stage.attachment("a1")], back };
      }),
      doomed("a command that takes a container off", async () => {
        await stage.attach("a1");
        const target = `netns:${stage.lab.netns("a1")}`;
        return { area: "networks", method: "disconnect", args: [target, "kit-first"], back: () => stage.attach("a1") };
      }),
      doomed("a command that removes a network", async () => {
        await stage.lab.withTsd(async (tsd) => {
          for (const { id } of tsd.endpoints.list()) await tsd.endpoints.detach(id);
        });
        return { area: "networks", method: "remove", args: ["kit-first"], back: () => stage.create() };
      }),
    ],
    close: () => stage.close(),
  };
}

async function killAll(stage: Stage, command: Doomed, long: boolean): Promise<void> {
  const start = await condition(stage);
  const steps = await countSteps(() => run(stage, command));
  const end = await condition(stage);
  await command.back();
  const all = Array.from({ length: long ? MANY : steps }, (_, at) => at);
  const some = long ? all : all.filter((at) => at % Math.max(2, Math.ceil(steps / FEW)) === 0);
  for (const at of some) if (!(await killAt(stage, { command, at, start, end }))) return;
}

interface Kill {
  readonly command: Doomed;
  readonly at: number;
  readonly start: readonly string[];
  readonly end: readonly string[];
}

/** Returns false where the command ends before it dies. */
async function killAt(stage: Stage, { command, at, start, end }: Kill): Promise<boolean> {
  const died = await dies(stage, command, at);
  // Opening tsd finishes what the dead process left.
  await stage.lab.withTsd(() => undefined);
  const found = await comesTo(stage, start, end);
  const isStart = contrast(start, found).length === 0;
  if (!isStart) {
    // Named by what is less.
    const isNearStart = contrast(start, found).length < contrast(end, found).length;
    const near = isNearStart
      ? "before, nor as after; from before it differs by"
      : "before nor as after, which would be";
    expectSameLines(`killed at step ${at}, it is neither as ${near}`, found, isNearStart ? start : end);
  }
  expectSame(`what check finds after a kill at step ${at}`, await stage.lab.withTsd((tsd) => tsd.system.check()), []);
  if (isStart) await run(stage, command);
  await command.back();
  expectSameLines(`back after a kill at step ${at}`, await comesTo(stage, start), start);
  return died;
}

function dies({ subject, lab }: Stage, { area, method, args }: Doomed, at: number): Promise<boolean> {
  const { module, own } = subject;
  const call: DoomedCall = { module, own, directories: lab.directories, area, method, args, at };
  return new Promise((resolve, reject) => {
    const [file, ...args] = ownProgram("doomed-process");
    execFile(file, [...args, JSON.stringify(call)], { timeout: 60_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve(false);
      else if (error.signal === "SIGKILL" && !error.killed) resolve(true);
      else reject(new Error(`the process that was to die at step ${at} failed: ${stderr.trim() || error.message}`));
    });
  });
}

async function run({ lab }: Stage, { area, method, args }: Doomed): Promise<void> {
  await lab.withTsd(async (tsd) => {
    const useCases = tsd[area] as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
    await useCases[method]?.(...args);
  });
}

async function condition({ lab }: Stage): Promise<readonly string[]> {
  return (await lab.residue()).map(withoutChance).sort();
}

async function comesTo(stage: Stage, ...conditions: readonly (readonly string[])[]): Promise<readonly string[]> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const now = await condition(stage);
    if (Date.now() > deadline || conditions.some((expected) => contrast(expected, now).length === 0)) return now;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

async function countSteps(act: () => Promise<void>): Promise<number> {
  let steps = 0;
  const count = (message: unknown): void => {
    if (!(message as BoundaryOperation).reads) steps += 1;
  };
  subscribe(BOUNDARY_OPERATIONS, count);
  try {
    await act();
  } finally {
    unsubscribe(BOUNDARY_OPERATIONS, count);
  }
  return steps;
}

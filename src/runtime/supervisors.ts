import { readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RuntimeProcess } from "../api/index.js";
import { monotonicTime } from "../contracts/clock.js";
import { namesIn } from "../kernel/files/names-in.js";
import type { Bundle } from "./bundle.js";
import { childrenOf, identify, killAndWait, processArguments } from "./process-table.js";

/** Living supervisors by their container's id. */
export function supervisorsBelow(runDir: string): ReadonlyMap<string, readonly RuntimeProcess[]> {
  const found = callsBelow(runDir);
  return new Map([...Map.groupBy(found, ({ id }) => id)].map(([id, list]) => [id, list.map((each) => each.process)]));
}

/** The names of the containers below `runDir` that are supervised, each with the `TSD_ROOT` of the tsd that made it. */
export function supervisedBelow(
  runDir: string,
): readonly { readonly name: string; readonly root: string | undefined }[] {
  return callsBelow(runDir).map(({ id, words }) => ({
    name: words[words.indexOf("--name") + 1] ?? id,
    root: words.find((word) => word.startsWith(ROOT_ARGUMENT))?.slice(ROOT_ARGUMENT.length),
  }));
}

/** Of the call that a conmon makes when its container has ended. */
const ROOT_ARGUMENT = "--exit-command-arg=TSD_ROOT=";

/** Milliseconds for a process to begin another program. A daemon that has wiped its arguments out never shows any. */
const MOMENT = 1_000;
/** What is killed may just have begun another process, which is found the next time. */
const LOOKS = 8;

interface Call {
  readonly id: string;
  readonly process: RuntimeProcess;
  readonly words: readonly string[];
}

/** Living supervisors as they were called. */
function callsBelow(runDir: string): readonly Call[] {
  return processesWith("--cid").flatMap(({ pid, words }) => {
    const bundle = words[words.indexOf("--bundle") + 1];
    const id = words[words.indexOf("--cid") + 1];
    const process = identify(pid);
    return id !== undefined && process !== undefined && bundle === `${runDir}/${id}` ? [{ id, process, words }] : [];
  });
}

/**
 * Who sees to the container's end: its conmon, or the exit command that this one has become. Undefined where it is gone, or
 * where the directory is in which it would record the exit.
 */
export function supervisorOf(bundle: Bundle): RuntimeProcess | undefined {
  if (!bundle.exists()) return undefined;
  const pid = bundle.readSupervisorPid();
  if (pid === undefined) return supervisorsBelow(bundle.parent).get(bundle.id)?.[0];
  // The pid may be another's by now, so its arguments must name the container.
  return processArguments(pid).includes(bundle.id) ? identify(pid) : undefined;
}

/**
 * Ends a container's conmon before it can run the exit command; its container lives on. The shell that conmon becomes to decide
 * about that command ends too: it takes a bundle that is then removed for a lost one. Where the creation or the start was cut
 * short, or the file that names conmon is lost, all processes are looked at: the runtime ends as well, so that it leaves nothing
 * behind what is removed next.
 */
export async function endSupervisor(bundle: Bundle): Promise<void> {
  const pid = bundle.readSupervisorPid();
  if (pid !== undefined) {
    const process = identify(pid);
    const words = await wordsOf(pid);
    const isOurs = words.includes(bundle.path) || words.includes(bundle.config);
    if (process !== undefined && isOurs) await killAndWait(process);
    if (bundle.readProcess() !== undefined && !bundle.awaitsStart()) return;
  }
  for (let look = 0; look < LOOKS; look += 1) {
    await waitForPrograms();
    const found = callsAbout(bundle);
    if (found.length === 0) return;
    for (const process of found) {
      const children = childrenOf(process.pid).flatMap((child) => identify(child) ?? []);
      for (const each of [process, ...children]) await killAndWait(each);
    }
  }
}

/**
 * Supervisors, runtimes that make or start the container, and shells that decide about the exit command. A runtime may have a
 * mount namespace of its own; that the path has the container's id is enough.
 */
function callsAbout({ path, config, state }: Bundle): readonly RuntimeProcess[] {
  return everyProcess()
    .filter(
      ({ words }) => words[words.indexOf("--bundle") + 1] === path || words.includes(config) || words.includes(state),
    )
    .flatMap(({ pid }) => identify(pid) ?? []);
}

interface Words {
  readonly pid: number;
  readonly words: readonly string[];
}

/** Those with that argument among theirs. In another mount namespace the same path may be another installation's. */
function processesWith(argument: string): readonly Words[] {
  return everyProcess().filter(
    ({ pid, words }) => words.includes(argument) && mountNamespaceOf(pid) === mountNamespaceOf("self"),
  );
}

function everyProcess(): readonly Words[] {
  return allPids().map((pid) => ({ pid, words: processArguments(pid) }));
}

function allPids(): readonly number[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Returns once each process shows the arguments of its program. */
async function waitForPrograms(): Promise<void> {
  const deadline = monotonicTime() + MOMENT;
  for (const pid of allPids()) await wordsOf(pid, deadline);
}

/** A process that begins another program shows no arguments for a moment (execve(2)). */
async function wordsOf(pid: number, deadline = monotonicTime() + MOMENT): Promise<readonly string[]> {
  for (;;) {
    const words = processArguments(pid);
    if (words.some((word) => word !== "") || !hasProgram(pid) || monotonicTime() > deadline) return words;
    await sleep(1);
  }
}

/** False for a thread of the kernel, and for a process that is gone. */
function hasProgram(pid: number): boolean {
  return linkOf(pid, "exe") !== undefined;
}

function mountNamespaceOf(process: number | "self"): string | undefined {
  return linkOf(process, "ns/mnt");
}

/** Where a link of proc_pid(5) leads; undefined for a process that is gone. */
function linkOf(process: number | "self", name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/${name}`);
  } catch {
    return undefined;
  }
}

import { readlinkSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { namesIn } from "../kernel/files/names-in.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";

/** Milliseconds between two looks, at first and later. */
const FIRST_LOOK = 2;
const LAST_LOOK = 50;
/** A container's program that hides in memory looks like the runtime, and is taken for the command after so many looks: 5 s. */
const MOST_LOOKS = 100;

/** Pids of a process' children (proc_tid_children(5)). */
export function childrenOf(pid: number): readonly number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) => {
    const text = readIfPresent(`/proc/${pid}/task/${thread}/children`) ?? "";
    return text.split(" ").map(Number).filter(Boolean);
  });
}

/**
 * Returns the pid of the command that a runtime's exec runs, once the command's own program runs there; undefined if `over` is aborted
 * before that is seen.
 */
export async function commandOf(runtime: number, over: AbortSignal): Promise<number | undefined> {
  let pause = FIRST_LOOK;
  for (let looks = 0; looks < MOST_LOOKS && !over.aborted; looks += 1) {
    const own = programOf(runtime);
    const command = childrenOf(runtime).find((child) => isOther(programOf(child), own));
    if (command !== undefined) return command;
    await sleep(pause);
    pause = Math.min(2 * pause, LAST_LOOK);
  }
  return over.aborted ? undefined : childrenOf(runtime)[0];
}

interface Program {
  readonly link: string;
  readonly device: number;
  readonly inode: number;
}

/** Undefined for a process that has none any more. */
function programOf(pid: number): Program | undefined {
  try {
    const path = `/proc/${pid}/exe`;
    const { dev, ino } = statSync(path);
    return { link: readlinkSync(path), device: dev, inode: ino };
  } catch {
    return undefined;
  }
}

/** Runtimes run from a copy of themselves in memory too, so that a container cannot write to their file (CVE-2019-5736). */
function isOther(program: Program | undefined, own: Program | undefined): boolean {
  if (program === undefined || own === undefined || program.link.startsWith("/memfd:")) return false;
  return program.device !== own.device || program.inode !== own.inode;
}

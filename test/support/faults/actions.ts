import { globSync, readFileSync } from "node:fs";
import type { Host } from "../lab/host.js";
import { endOf } from "../lab/process-end.js";
import type { Agent, Call } from "./agent.js";

/**
 * Something done on a host: a use case of the library, a command of tsd (`ROOT` stands for the state directory), one that
 * stays with its container, a line of the shell, or the end of the only container along with its supervisor, as of a machine
 * that runs out of memory.
 */
export type Action =
  | Call
  | readonly ["tsd", ...string[]]
  | readonly ["stay", ...string[]]
  | readonly ["shell", string]
  | readonly ["end", string];

export async function perform(host: Host, agent: Agent, actions: readonly Action[]): Promise<void> {
  for (const action of actions) {
    if (action[0] === "tsd") await host.mustTsd(inHost(host, action.slice(1) as readonly string[]));
    else if (action[0] === "stay") await stay(host, action.slice(1) as readonly string[]);
    else if (action[0] === "shell") await host.mustRun(["sh", "-c", action[1]]);
    else if (action[0] === "end") await endContainer(host);
    else await agent.call(action);
  }
}

export function inHost({ root }: Host, words: readonly string[]): readonly string[] {
  return words.map((word) => word.replace(/^ROOT\//, `${root}/`));
}

/** Returns once the container has said a line; the command ends with it. */
async function stay(host: Host, words: readonly string[]): Promise<void> {
  await host.startTsd(words, { timeout: 60_000 }).saying("\n");
}

/** The supervisor first, so that it does not see the other end. */
async function endContainer({ runDirectory }: Host): Promise<void> {
  for (const name of ["conmon.pid", "pid"]) {
    const pid = Number(readFileSync(globSync(`${runDirectory}/containers/*/${name}`)[0] ?? "", "utf8"));
    process.kill(pid, "SIGKILL");
    await endOf(pid);
  }
}

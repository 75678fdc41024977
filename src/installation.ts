import { resolve } from "node:path";

/** What a process of tsd's starts as another process of tsd's. */
export type OwnProgram =
  | "tsd"
  | "probe"
  | "resolver"
  | "timers"
  | "agent"
  | "traffic-agent"
  | "verify-process"
  | "doomed-process";

/** The package that this code is of: the file lies one level below it, in src/ and in dist/. */
const root = resolve(import.meta.dirname, "..");

const files: Readonly<Record<Exclude<OwnProgram, "tsd">, string>> = {
  probe: "probe.cjs",
  resolver: "resolver.cjs",
  timers: "timers.cjs",
  agent: "agent.cjs",
  "traffic-agent": "traffic-agent.js",
  "verify-process": "verify-process.js",
  "doomed-process": "doomed-process.js",
};

/**
 * Megabytes of the old generation of Node.js, for processes that stay: containers decide how much they have to remember, other hosts how
 * much the agent has to. One that is full ends the process, not the machine. The agent stops reading before: see src/agent/records.
 */
const largest: Partial<Readonly<Record<OwnProgram, number>>> = { resolver: 96, timers: 96, agent: 512 };

/** Program and first arguments. In the executable another file stands in the place of this one. */
export function ownProgram(name: OwnProgram): readonly [file: string, ...args: string[]] {
  if (name === "tsd") return [`${root}/bin/tsd`];
  const heap = largest[name];
  const bounds = heap === undefined ? [] : [`--max-old-space-size=${heap}`, "--max-semi-space-size=2"];
  return [process.execPath, ...bounds, `${root}/dist/${files[name]}`];
}

/** The directory of the package, with what is neither code nor program. */
export function packageDirectory(): string {
  return root;
}

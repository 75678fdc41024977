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
 * Of Node.js, for a process that stays: containers decide how much it has to remember, and an old generation (megabytes) that is full
 * ends it, not the machine.
 */
const bounded = ["--max-old-space-size=96", "--max-semi-space-size=2"];

/** Program and first arguments. In the executable another file stands in the place of this one. */
export function ownProgram(name: OwnProgram): readonly [file: string, ...args: string[]] {
  if (name === "tsd") return [`${root}/bin/tsd`];
  return [
    process.execPath,
    ...(["resolver", "timers", "agent"].includes(name) ? bounded : []),
    `${root}/dist/${files[name]}`,
  ];
}

/** The directory of the package, with what is neither code nor program. */
export function packageDirectory(): string {
  return root;
}

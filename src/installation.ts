import { resolve } from "node:path";

/** What a process of tsd's starts as another process of tsd's. */
export type OwnProgram = "tsd" | "probe" | "traffic-agent" | "verify-process" | "doomed-process";

/** The package that this code is of: the file lies one level below it, in src/ and in dist/. */
const root = resolve(import.meta.dirname, "..");

const files: Readonly<Record<Exclude<OwnProgram, "tsd">, string>> = {
  probe: "probe.cjs",
  "traffic-agent": "traffic-agent.js",
  "verify-process": "verify-process.js",
  "doomed-process": "doomed-process.js",
};

/** Program and first arguments. In the executable another file stands in the place of this one. */
export function ownProgram(name: OwnProgram): readonly [file: string, ...args: string[]] {
  return name === "tsd" ? [`${root}/bin/tsd`] : [process.execPath, `${root}/dist/${files[name]}`];
}

/** The directory of the package, with what is neither code nor program. */
export function packageDirectory(): string {
  return root;
}

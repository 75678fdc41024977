import { execFile } from "node:child_process";
import type { Programs } from "./network-residue.js";

/** Milliseconds that a program of the kit may take; none of them waits for anything. */
const PATIENCE = 60_000;

/** Programs in the namespace of the caller, which is the host of the lab. */
export const hostPrograms: Programs = {
  run: ([file = "", ...args]) => {
    const options = { timeout: PATIENCE, maxBuffer: 1 << 27 };
    return new Promise((resolve) => execFile(file, args, options, (_error, stdout) => resolve({ stdout })));
  },
  mustRun: (argv) => runProgram(argv),
};

/** Runs a program to its end and returns its standard output. Throws with what it wrote where it fails. */
export function runProgram([file = "", ...args]: readonly string[], input = ""): Promise<string> {
  const options = { timeout: PATIENCE, maxBuffer: 1 << 27 };
  return new Promise((resolve, reject) => {
    const program = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${[file, ...args].join(" ")} failed: ${stderr.trim() || error.message}`));
    });
    program.stdin?.on("error", () => undefined);
    program.stdin?.end(input);
  });
}

/** Runs lines of ip(8), one after the other, since a batch stays in one namespace. */
export async function ip(...lines: readonly string[]): Promise<void> {
  for (const line of lines) await runProgram(["ip", ...line.split(" ")]);
}

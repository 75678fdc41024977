import { readFileSync, writeSync } from "node:fs";
import { serve } from "./adapters/cni/serve.js";

/** The CNI plug-in of this process. */
export async function main(): Promise<void> {
  const { stdout, stderr, exitCode } = await serve({
    env: process.env,
    input: () => readFileSync(0, "utf8"),
    open: async () => (await import("./index.js")).openTsd({ onWarning: (warning) => write(2, `tsd: ${warning}\n`) }),
    run: async (file, input, env) => {
      const { exec } = await import("./kernel/programs/exec.js");
      const { stdout: said, stderr: noted } = await exec(file, [], { input, env });
      write(2, noted);
      return said;
    },
  });
  write(2, stderr);
  write(1, stdout);
  process.exitCode = exitCode;
}

/** Synchronous, and without the streams of `process`, which cost milliseconds. Who does not read it, does not want it. */
function write(descriptor: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(descriptor, rest));
}

import { spawnSync } from "node:child_process";
import { closeSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { missingProgram } from "../programs/exec.js";
import { memoryFile } from "../programs/memory-file.js";
import { bracket, CLONE_NEWNET } from "./netns.js";

/**
 * Calls `work` with the calling thread in a new and empty network namespace that no other process uses. It ends once all is
 * closed that `work` opened in it. Synchronous, as {@link inNetns}.
 */
export function inBlankNetns<T>(work: () => T): T {
  return bracket(() => {
    if (libc().unshare(CLONE_NEWNET) < 0) {
      throw kernelError({ operation: "create network namespace", object: "for a comparison", errno: libc().errno() });
    }
    return work();
  });
}

/** Runs a program to its end in the namespaces that the thread is in, with `input` as a file for standard input. */
export function runHere(file: string, args: readonly string[], input: string): void {
  const what = () => `${[file, ...args].join(" ")} in an empty network namespace <<< ${input}`;
  boundaryOperation({ into: "program", reads: true, what }, () => {
    const stdin = memoryFile(input);
    try {
      const { error, status, stderr } = spawnSync(file, args, { stdio: [stdin, "ignore", "pipe"], encoding: "utf8" });
      if (error !== undefined) throw "code" in error && error.code === "ENOENT" ? missingProgram(file) : error;
      if (status !== 0) throw failed(file, args, stderr);
    } finally {
      closeSync(stdin);
    }
  });
}

function failed(file: string, args: readonly string[], stderr: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_EXEC_FAILED",
    message: `${file} failed: ${stderr.trim().split("\n")[0]}`,
    details: { argv: [file, ...args], stderr },
  });
}

import { spawnSync } from "node:child_process";
import { closeSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { missingProgram } from "../programs/exec.js";
import { memoryFile } from "../programs/memory-file.js";

interface Call {
  /** A file for standard input. */
  readonly input?: string;
  readonly reads: boolean;
}

/** Runs a program to its end in the namespaces that the thread is in. Throws `unsupported` where it is missing, and `runtime`. */
export function runHere(file: string, args: readonly string[], { input = "", reads }: Call): void {
  const what = () => `${[file, ...args].join(" ")} in another network namespace <<< ${input}`;
  boundaryOperation({ into: "program", reads, what }, () => {
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

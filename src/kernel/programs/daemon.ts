import { spawn } from "node:child_process";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";
import { ending } from "./spawn.js";

/** Milliseconds that a program may take to become a daemon. */
const patience = 10_000;

/**
 * Runs a program that leaves a daemon behind, to its own end, and returns its exit code. The daemon is in a session of its
 * own, and has nothing of the caller's open. Throws `unsupported` where the program is missing.
 */
export async function startDaemon(file: string, args: readonly string[]): Promise<number> {
  return boundaryOperation({ into: "program", what: () => [file, ...args].join(" ") }, () => {
    const program = spawn(file, args, {
      cwd: "/",
      detached: true,
      stdio: "ignore",
      env: inheritance(),
      timeout: patience,
    });
    return ending(program, file, "exit");
  });
}

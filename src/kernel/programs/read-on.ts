import { spawn } from "node:child_process";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";

/** Ends of a program's streams that the calling process has. */
interface Ends {
  readonly output: number;
  readonly errors: number;
  /** Where the keys of its terminal are pressed, if it has one, which lasts as long as this end. */
  readonly terminal: number | undefined;
}

/**
 * Opens the pipes once more, since the caller's do not block. The first command reads descriptor 3: what runs in the background has
 * no standard input.
 */
const SCRIPT = "cat /proc/self/fd/3 > /dev/null & exec cat /proc/self/fd/0 > /dev/null";

/** Leaves behind a process that reads what a program writes, and keeps its terminal, until the program ends. */
export function readOn({ output, errors, terminal }: Ends): void {
  boundaryOperation({ into: "program", what: () => `sh -c '${SCRIPT}'` }, () => {
    const stdio = [output, "ignore" as const, "ignore" as const, errors, terminal ?? ("ignore" as const)];
    spawn("/bin/sh", ["-c", SCRIPT], { cwd: "/", detached: true, stdio, env: inheritance() }).unref();
  });
}

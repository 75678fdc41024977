import { spawn } from "node:child_process";
import { once } from "node:events";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";

/** Starts a program that goes on by itself, in a session of its own and with nothing of the caller's open. */
export async function startApart(argv: readonly string[]): Promise<void> {
  await boundaryOperation({ into: "program", what: () => argv.join(" ") }, async () => {
    const [file = "", ...args] = argv;
    const program = spawn(file, args, { cwd: "/", detached: true, stdio: "ignore", env: inheritance() });
    await once(program, "spawn");
    program.unref();
  });
}

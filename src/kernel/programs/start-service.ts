import { spawn } from "node:child_process";
import { boundaryOperation } from "../boundary-operation.js";
import { inheritance } from "./inheritance.js";
import { ending } from "./spawn.js";

export interface ServiceCall {
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds in which it has to print its line. */
  readonly patience: number;
}

/**
 * Starts a program that goes on after this process has ended, in a session of its own and with nothing of the caller's open. Returns
 * the first line that it prints, and reads no more; undefined where it prints none in time, or ends before. Throws `unsupported`
 * where it is missing.
 */
export async function startService(
  argv: readonly string[],
  { env, patience }: ServiceCall,
): Promise<string | undefined> {
  return boundaryOperation({ into: "program", what: () => argv.join(" ") }, async () => {
    const [file = "", ...args] = argv;
    inheritance();
    const program = spawn(file, args, { cwd: "/", detached: true, stdio: ["ignore", "pipe", "ignore"], env });
    const ended = ending(program, file, "close").then(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patience, undefined);
    });
    const line = new Promise<string>((resolve) => {
      let text = "";
      program.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const end = text.indexOf("\n");
        if (end >= 0) resolve(text.slice(0, end));
      });
    });
    try {
      return await Promise.race([line, ended, late]);
    } finally {
      clearTimeout(timer);
      program.stdout.destroy();
      program.unref();
    }
  });
}

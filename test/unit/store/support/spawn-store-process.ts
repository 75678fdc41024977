import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";

/** `open PATH`, `lease PATH NAME CIDR COUNT` or `hang PATH`, and the user to be. */
export interface StoreProcessOptions {
  readonly args: readonly string[];
  readonly uid?: number;
}

export interface StoreProcess extends Disposable {
  readonly child: ChildProcess;
  /** All it wrote, once it has ended. */
  readonly output: Promise<string>;
}

/** Makes store-process.ts runnable by plain Node, in `directory`; returns what starts it. */
export async function prepareStoreProcess(directory: string): Promise<(options: StoreProcessOptions) => StoreProcess> {
  const program = join(directory, "store-process.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "store-process.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return ({ args, uid }) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {},
      timeout: 40_000,
      killSignal: "SIGKILL",
      // As long as the path of a program can get, and the same wherever the tests run.
      argv0: `/${"deep/".repeat(40)}node`,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    const ended = once(child, "exit");
    const output = text(child.stdout);
    return { child, output: ended.then(() => output), [Symbol.dispose]: () => void child.kill("SIGKILL") };
  };
}

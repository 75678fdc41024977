import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";

/** Program and arguments. */
export type Argv = readonly [string, ...string[]];

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Longest a single command may take, in milliseconds. */
const TIMEOUT = 60_000;

/** Where a timed command's standard error goes: a container left in the background would keep a pipe open for ever. */
const STDERR = "/run/bench-stderr";

/** Runs a command to its end and returns its wall time in milliseconds. Throws with what it said where it fails. */
export function time(argv: Argv, options: RunOptions = {}): number {
  return timeAloud(argv, options).took;
}

/** The same, with what it wrote to standard error. */
export function timeAloud(
  [file, ...args]: Argv,
  options: RunOptions = {},
): { readonly took: number; readonly said: string } {
  const stderr = openSync(STDERR, "w");
  const start = performance.now();
  const result = spawnSync(file, args, {
    env: options.env ?? process.env,
    input: options.input ?? "",
    timeout: TIMEOUT,
    stdio: ["pipe", "ignore", stderr],
  });
  const took = performance.now() - start;
  closeSync(stderr);
  const said = readFileSync(STDERR, "utf8");
  if (result.status === 0) return { took, said };
  throw new Error(
    `${file} ${args[0] ?? ""}: ${said.trim().split("\n")[0] || result.error?.message || `exit code ${result.status}`}`,
  );
}

/** Runs commands at once, and returns the wall time until the last has ended. Throws where one fails. */
export async function runTogether(
  commands: readonly Argv[],
  { env = process.env }: RunOptions = {},
): Promise<{ readonly took: number; readonly said: readonly string[] }> {
  const begun = performance.now();
  const said = await Promise.all(
    commands.map(async ([file, ...args], at) => {
      const path = `${STDERR}-${at}`;
      const stderr = openSync(path, "w");
      const child = spawn(file, args, { env, timeout: TIMEOUT, stdio: ["ignore", "ignore", stderr] });
      closeSync(stderr);
      const [status] = await once(child, "exit");
      const lines = readFileSync(path, "utf8");
      if (status !== 0) throw new Error(`${file} ${args[0] ?? ""}: ${lines.trim().split("\n").at(-1)}`);
      return lines;
    }),
  );
  return { took: performance.now() - begun, said };
}

/** Runs a command and returns its standard output. */
export function read([file, ...args]: Argv, options: RunOptions = {}): string {
  return execFileSync(file, args, {
    env: options.env ?? process.env,
    input: options.input ?? "",
    timeout: TIMEOUT,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Whether a program is on the path, or exists where it is a path. */
export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', program], { stdio: "ignore" }).status === 0;
}

import { PassThrough } from "node:stream";
import type { Step, Streams } from "../../../src/api/index.js";
import { CliConfig } from "../../../src/cli/cli-config.js";
import { commands } from "../../../src/commands/registry.js";
import type { Surroundings } from "../../../src/commands/surroundings.js";
import type { TsdCommand } from "../../../src/commands/tsd-command.js";
import { now } from "../presenters/samples.js";
import { type FakeParts, FakeTsd } from "./fake-tsd.js";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** What the command answered. */
  readonly result: unknown;
  /** What it threw, except a request for an exit code. */
  readonly error: unknown;
}

export interface Scene {
  readonly tsd?: FakeParts;
  readonly surroundings?: Partial<Surroundings>;
  /** What the library reports in a dry run. */
  readonly steps?: readonly Step[];
  /** What the library warns of. */
  readonly warnings?: readonly string[];
}

export const streams = {
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
} satisfies Streams;

/** Runs `tsd ID ARGV…` in surroundings of the test's own: not a terminal, no environment, the fake library. */
export async function runCommand(id: string, argv: readonly string[], scene: Scene = {}): Promise<Outcome> {
  const entry = commands[id];
  if (entry === undefined) throw new Error(`there is no command ${id}`);
  const { default: CommandClass } = await entry.load();
  const command = new CommandClass([...argv], new CliConfig()) as unknown as TsdCommand;
  const tsd = new FakeTsd(scene.tsd);
  const written = { stdout: "", stderr: "" };
  let opened = 0;
  command.surroundings = {
    open: async ({ onWarning, dryRun }) => {
      opened += 1;
      for (const warning of scene.warnings ?? []) onWarning?.(warning);
      for (const step of dryRun === undefined ? [] : (scene.steps ?? [])) dryRun?.(step);
      return tsd;
    },
    writeOut: (text) => {
      written.stdout += text;
    },
    writeError: (text) => {
      written.stderr += text;
    },
    streams: () => streams,
    isTerminal: () => false,
    columns: () => 80,
    ask: () => Promise.reject(new Error("nobody is there")),
    env: {},
    cwd: "/home/user",
    now: () => now,
    onSignal: () => () => {},
    ...scene.surroundings,
  };
  const outcome = await command.run().then(
    (result: unknown) => ({ result, error: undefined, exitCode: 0 }),
    (error: unknown) => ({ result: undefined, ...readExit(error) }),
  );
  if (opened > 1 || (opened === 1 && !tsd.closed)) throw new Error(`tsd ${id} opened the library and left it open`);
  return { ...outcome, ...written };
}

/** oclif carries out an exit as a throw with its code in `oclif.exit`. */
function readExit(error: unknown): { readonly error: unknown; readonly exitCode: number } {
  const exit = (error as { readonly oclif?: { readonly exit?: number } }).oclif?.exit;
  const asked = (error as { readonly code?: unknown }).code === "EEXIT";
  return asked && exit !== undefined ? { error: undefined, exitCode: exit } : { error, exitCode: 1 };
}

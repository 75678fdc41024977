import type { Absent } from "../benchmark.ts";
import type { Argv } from "../command.ts";

/** A container engine with docker's command line, brought up and with the image `bench` loaded. */
export interface Tool {
  /** With its version. */
  readonly name: string;
  /** Program and the options that every command needs. */
  readonly command: Argv;
  /** Options by which `rm --force` does not wait for a container to stop by itself. */
  readonly removeOptions: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void> | void;
}

/** The name of the image that every tool has. */
export const IMAGE = "bench";

export function isTool(tool: Tool | Absent): tool is Tool {
  return "command" in tool;
}

import type { Command, Config } from "@oclif/core";

/** What a command's module exports as default. `run` parses, acts and prints; nothing of oclif is called around it. */
export type CommandClass = Pick<
  typeof Command,
  "id" | "strict" | "args" | "flags" | "summary" | "description" | "usage" | "examples"
> & {
  /** What `--filter` takes, for completion. */
  readonly filterKeys?: readonly string[];
} & (new (
    argv: string[],
    config: Config,
  ) => Pick<Command, "run">);

/** What is known about a command without loading it, so that look-up and the overview load none. */
export interface RegistryEntry {
  readonly load: () => Promise<{ readonly default: CommandClass }>;
  /** One line for the overview. */
  readonly summary: string;
  /** Other words for it, in full: `network list` for `network ls`. */
  readonly aliases?: readonly string[];
  /** Runs, but is listed nowhere. */
  readonly hidden?: boolean;
}

/** All commands, each under the words a user types: `network create`. */
export type Registry = Readonly<Record<string, RegistryEntry>>;

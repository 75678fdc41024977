import type { Entrant } from "../benchmark.ts";
import { read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { IMAGE, type Tool } from "./tool.ts";

/** Ports and subnets apart, so that a slow clean-up of one tool is in no other's way. */
const FIRST_PORT = 18_080;

/** What {@link enterRuns} takes the time of. */
export const RUN_MEASURES = ["run --rm", "run -d", "rm -f"] as const;

/**
 * A contender that runs and removes containers with one published port, on a network that it makes. `at` is a number of its
 * own; `createOptions` are of its `network create`.
 */
export function enterRuns(tool: Tool, at: number, createOptions: readonly string[] = []): Entrant {
  const { command, env, removeOptions, name } = tool;
  const network = `bench-run${at}`;
  const port = FIRST_PORT + at;
  try {
    read([...command, "network", "create", ...createOptions, "--subnet", `10.214.${at}.0/24`, network], { env });
  } catch (error) {
    return { name, reason: `network create failed: ${complaintOf(error)}` };
  }
  const options = ["--network", network, "-p", `${port}:80`];
  return {
    name,
    sample: () => ({
      "run --rm": time([...command, "run", "--rm", ...options, IMAGE, "true"], { env }),
      "run -d": time([...command, "run", "-d", "--name", "bench-d", ...options, IMAGE, "sleep", "600"], { env }),
      "rm -f": time([...command, "rm", "-f", ...removeOptions, "bench-d"], { env }),
    }),
    close: () => void read([...command, "network", "rm", network], { env }),
  };
}

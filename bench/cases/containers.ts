import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { isInstalled, read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, isTool, type Tool } from "../peers/tool.ts";
import { openTools } from "../peers/tools.ts";

const FLOOR = "crun run";
/** Ports and subnets apart, so that a slow clean-up of one tool is in no other's way. */
const FIRST_PORT = 18_080;

export const containers: Benchmark = {
  id: "containers",
  title: "A container with a published port",
  about:
    "On a network that exists, from an image that is loaded, one TCP port published. The floor is the OCI runtime alone: no network, no image, no ports, no supervisor.",
  unit: "ms",
  measures: ["run --rm", "run -d", "rm -f"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 25 }, full: { turns: 15, seconds: 120 } },
  enter: async (lab) => {
    const tools = await openTools(lab);
    return [enterCrun(lab), ...tools.map((tool, at) => (isTool(tool) ? enterTool(tool, at) : tool))];
  },
};

function enterTool(tool: Tool, at: number): Entrant {
  const { command, env, removeOptions, name } = tool;
  const network = "bench-run";
  const port = FIRST_PORT + at;
  try {
    read([...command, "network", "create", "--subnet", `10.214.${at}.0/24`, network], { env });
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

function enterCrun(lab: Lab): Entrant {
  if (!isInstalled("crun")) return { name: FLOOR, reason: "not installed" };
  const bundle = join(lab.work, "bundle");
  mkdirSync(bundle);
  read(["sh", "-c", 'cd "$0" && crun spec', bundle]);
  const file = join(bundle, "config.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  const write = (args: readonly string[]): void => {
    const process = { ...configuration.process, terminal: false, args };
    writeFileSync(file, JSON.stringify({ ...configuration, process, root: { path: lab.rootfs } }));
  };
  return {
    name: FLOOR,
    sample: () => {
      write(["true"]);
      const run = time(["crun", "run", "--bundle", bundle, "bench-crun"]);
      write(["sleep", "600"]);
      const detached = time(["crun", "run", "--detach", "--bundle", bundle, "bench-crun"]);
      return { "run --rm": run, "run -d": detached, "rm -f": time(["crun", "delete", "--force", "bench-crun"]) };
    },
  };
}

import type { Absent, Entrant, Sample } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { openDocker } from "./docker.ts";
import { openPodman } from "./podman.ts";
import { isTool, type Tool } from "./tool.ts";
import { openTsdTool } from "./tsd.ts";

let opened: Promise<readonly (Tool | Absent)[]> | undefined;

/** tsd and its peers, brought up once for all benchmarks. */
export async function openTools(lab: Lab): Promise<readonly (Tool | Absent)[]> {
  opened ??= Promise.all([openTsdTool(lab), openPodman(lab), openDocker(lab)]);
  return await opened;
}

/** Ends what {@link openTools} brought up. */
export async function closeTools(): Promise<void> {
  for (const tool of (await opened) ?? []) if (isTool(tool)) await tool.close();
}

/** A contender for each tool that is here. */
export async function enterTools(lab: Lab, sample: (tool: Tool) => Sample): Promise<readonly Entrant[]> {
  const tools = await openTools(lab);
  return tools.map((tool) => (isTool(tool) ? { name: tool.name, sample: () => sample(tool) } : tool));
}

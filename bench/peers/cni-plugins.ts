import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where distributions and the CNI project put the plug-ins. */
const DIRECTORIES = ["/usr/lib/cni", "/opt/cni/bin"];

/** The directory of CNI's own plug-ins; undefined where they are not installed. */
export function findPlugins(): string | undefined {
  return DIRECTORIES.find((path) => existsSync(join(path, "bridge")));
}

/** A call of a plug-in for one container, whose name is that of its namespace. */
export interface CniCall {
  readonly program: string;
  readonly command: "ADD" | "DEL";
  readonly netns: string;
  readonly config: object;
  readonly env?: NodeJS.ProcessEnv;
}

/** Calls a plug-in as runtimes do. Returns milliseconds from spawn to exit and what it printed. Throws that where it fails. */
export function callPlugin({ program, command, netns, config, env }: CniCall): { took: number; result: unknown } {
  const container = { CNI_CONTAINERID: netns, CNI_NETNS: `/run/netns/${netns}`, CNI_IFNAME: "eth0" };
  const call = { PATH: process.env.PATH, CNI_COMMAND: command, CNI_PATH: dirname(program) };
  const options = { env: { ...call, ...container, ...env }, input: JSON.stringify(config), encoding: "utf8" } as const;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, options);
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ${command}: ${stdout.trim() || stderr.trim()}`);
  return { took, result: stdout === "" ? undefined : JSON.parse(stdout) };
}

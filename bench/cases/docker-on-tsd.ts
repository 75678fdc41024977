import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { isTool } from "../peers/tool.ts";
import { openTools } from "../peers/tools.ts";

const FLOOR = "docker on its bridge";
const NAME = "docker on tsd";
/** Numbers of the contenders, behind those of the other benchmarks of containers. */
const FIRST = 20;

export const dockerOnTsd: Benchmark = {
  id: "docker-on-tsd",
  title: "docker, with networks of tsd's",
  about:
    "docker runs and removes a container with one TCP port published, by one daemon. In one contender its network is of docker's own driver bridge, in the other of tsd's, which tsd plugin serve makes.",
  unit: "ms",
  measures: RUN_MEASURES,
  floor: FLOOR,
  effort: { quick: { turns: 1, seconds: 8 }, full: { turns: 11, seconds: 25 } },
  enter: async (lab) => {
    const docker = (await openTools(lab)).find((tool) => tool.name.startsWith("docker"));
    if (docker === undefined || !isTool(docker)) return [{ name: NAME, reason: docker?.reason ?? "not installed" }];
    const server = await serve(lab);
    const own = enterRuns({ ...docker, name: FLOOR }, FIRST);
    const onTsd = enterRuns({ ...docker, name: NAME }, FIRST + 1, ["-d", "tsd"]);
    if ("reason" in onTsd) {
      await end(server);
      return [own, onTsd];
    }
    const close = async (): Promise<void> => {
      await onTsd.close?.();
      await end(server);
    };
    return [own, { ...onTsd, close }];
  },
};

/** Resolves once docker can find it. */
async function serve({ project, work, env }: Lab): Promise<ChildProcess> {
  const state = { TSD_ROOT: join(work, "docker-tsd"), TSD_RUN: "/run/docker-tsd" };
  const server = spawn(join(project, "bin/tsd"), ["plugin", "serve"], {
    env: { ...env, ...state },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await Promise.race([once(createInterface(server.stdout), "line"), once(server, "exit")]);
  return server;
}

async function end(server: ChildProcess): Promise<void> {
  const ended = once(server, "exit");
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
}

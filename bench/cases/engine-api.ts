import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Benchmark, Entrant, Sample } from "../benchmark.ts";
import { isInstalled, time } from "../command.ts";
import type { Lab } from "../lab.ts";
import { startAsTestcontainers } from "../peers/engine-requests.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { IMAGE, isTool, type Tool } from "../peers/tool.ts";
import { openTools } from "../peers/tools.ts";
import { openTsdTool } from "../peers/tsd.ts";

const FLOOR = "docker on dockerd";
const NAME = "docker on tsd system service";
/** Numbers of the contenders, behind those of the other benchmarks of containers. */
const FIRST = 30;

export const engineApi: Benchmark = {
  id: "engine-api",
  title: "docker's clients, on tsd",
  about:
    "docker's command line and docker-compose (two services on a network) by dockerd's socket and by that of tsd system service, and tsd's command line; each container has one TCP port published. The start for tests is the twelve requests of testcontainers, with three commands in the container at once.",
  unit: "ms",
  measures: [...RUN_MEASURES, "compose up", "compose down", "start for tests"],
  floor: FLOOR,
  effort: { quick: { turns: 1, seconds: 15 }, full: { turns: 9, seconds: 60 } },
  enter: async (lab) => {
    const docker = (await openTools(lab)).find((tool) => tool.name.startsWith("docker"));
    const tsd = openTsdTool(lab);
    if (docker === undefined || !isTool(docker)) return [{ name: NAME, reason: docker?.reason ?? "not installed" }];
    if (!isTool(tsd)) return [tsd];
    const host = `unix://${tsd.env.TSD_RUN}/docker.sock`;
    const server = await serve(tsd, host);
    const env = { ...lab.env, DOCKER_HOST: host };
    const served = enterEngine({ ...docker, name: NAME, env }, FIRST + 1, lab);
    return [
      enterEngine({ ...docker, name: FLOOR }, FIRST, lab),
      "reason" in served ? served : { ...served, close: () => closeAll(served.close, server) },
      enterRuns(tsd, FIRST + 2),
    ];
  },
};

/** Resolves once docker can find it. */
async function serve({ command, env }: Tool, host: string): Promise<ChildProcess> {
  const [program, ...args] = [...command, "system", "service", host];
  const server = spawn(program ?? "", args, { env, stdio: ["ignore", "pipe", "ignore"] });
  await Promise.race([once(createInterface(server.stdout), "line"), once(server, "exit")]);
  return server;
}

async function closeAll(close: (() => Promise<void> | void) | undefined, server: ChildProcess): Promise<void> {
  await close?.();
  const ended = once(server, "exit");
  if (server.exitCode === null && server.kill("SIGTERM")) await ended;
}

/** What {@link enterRuns} takes the time of, and the rest. */
function enterEngine(tool: Tool, at: number, lab: Lab): Entrant {
  const runs = enterRuns(tool, at);
  if ("reason" in runs) return runs;
  const socket = (tool.env.DOCKER_HOST ?? "").replace("unix://", "");
  return {
    ...runs,
    sample: async () => ({
      ...(await runs.sample()),
      ...composed(tool, at, lab),
      "start for tests": await startAsTestcontainers(socket),
    }),
  };
}

/** Nothing where docker-compose is missing. */
function composed({ env }: Tool, at: number, { work }: Lab): Sample {
  if (!isInstalled("docker-compose")) return {};
  const file = join(work, `compose${at}.yml`);
  const service = (port: number): object => ({ image: IMAGE, command: "sleep 600", ports: [`${port}:80`] });
  const services = { db: service(18_200 + 2 * at), web: { ...service(18_201 + 2 * at), depends_on: ["db"] } };
  writeFileSync(file, JSON.stringify({ version: "2.4", services }));
  const compose = ["docker-compose", "-p", `bench${at}`, "-f", file] as const;
  return {
    "compose up": time([...compose, "up", "-d"], { env }),
    "compose down": time([...compose, "down", "-t", "0"], { env }),
  };
}

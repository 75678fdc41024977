import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Absent } from "../benchmark.ts";
import { isInstalled, read } from "../command.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, type Tool } from "./tool.ts";

const SOCKET = "unix:///run/docker-bench.sock";
const ATTEMPTS = 100;

/** Brings up a docker daemon of its own, with its defaults but for where it keeps things. */
export async function openDocker(lab: Lab): Promise<Tool | Absent> {
  if (!isInstalled("docker") || !isInstalled("dockerd")) return { name: "docker", reason: "not installed" };
  const env = { ...lab.env, DOCKER_HOST: SOCKET };
  const daemon = spawn(
    "dockerd",
    [
      "-H",
      SOCKET,
      "--data-root",
      join(lab.work, "docker"),
      "--exec-root",
      "/run/docker",
      "--pidfile",
      "/run/dockerd.pid",
    ],
    { stdio: "ignore", env },
  );
  const version = await waitForVersion(env, daemon);
  if (version === undefined) {
    await stop(daemon);
    return { name: "docker", reason: "its daemon does not come up here" };
  }
  read(["docker", "import", lab.archive, IMAGE], { env });
  return { name: `docker ${version}`, command: ["docker"], removeOptions: [], env, close: () => stop(daemon) };
}

async function waitForVersion(env: NodeJS.ProcessEnv, daemon: ChildProcess): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS && daemon.exitCode === null; attempt++) {
    try {
      return read(["docker", "version", "--format", "{{.Server.Version}}"], { env }).trim();
    } catch {
      await sleep(100);
    }
  }
  return undefined;
}

async function stop(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, "exit");
  daemon.kill("SIGTERM");
  const timer = setTimeout(() => daemon.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(timer);
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NUMBERS = [1, 2, 3] as const;
const client = (number: number): string => `http://127.0.0.1:${2379 + number * 10}`;
const peer = (number: number): string => `http://127.0.0.1:${2380 + number * 10}`;

export interface Etcd {
  readonly urls: readonly string[];
  /** MB of resident memory, of each member. */
  memory(): readonly number[];
  close(): void;
}

/** Starts three members on this host's loopback, with data in memory. */
export function startEtcd(project: string): Etcd {
  const programs = join(project, ".runtime/etcd/usr/bin");
  const initial = NUMBERS.map((number) => `m${number}=${peer(number)}`).join(",");
  const members: readonly ChildProcess[] = NUMBERS.map((number) =>
    spawn(
      join(programs, "etcd"),
      [
        ...["--name", `m${number}`, "--data-dir", `/run/etcd/m${number}`, "--log-level", "error"],
        ...["--listen-client-urls", client(number), "--advertise-client-urls", client(number)],
        ...["--listen-peer-urls", peer(number), "--initial-advertise-peer-urls", peer(number)],
        ...["--initial-cluster", initial],
      ],
      { stdio: "ignore" },
    ),
  );
  const close = (): void => {
    for (const member of members) member.kill("SIGKILL");
  };
  const urls = NUMBERS.map(client);
  const health = [join(programs, "etcdctl"), "--endpoints", urls.join(","), "endpoint", "health"];
  for (let left = 60; spawnSync(health[0] ?? "", health.slice(1), { env: { ETCDCTL_API: "3" } }).status !== 0; left--) {
    if (left > 0) continue;
    close();
    throw new Error("etcd has no leader");
  }
  return { urls, memory: () => members.map(({ pid }) => residentMemory(pid ?? 0)), close };
}

/** MB; proc_pid_status(5). */
export function residentMemory(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB/m)?.[1]) / 1024;
}

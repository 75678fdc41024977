import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { read, time } from "../command.ts";
import type { Lab } from "../lab.ts";

/** Seconds after which what does not come is given up. */
const PATIENCE = 300;

/** This namespace as a host of the cluster, by the command line. */
export class RealHost {
  readonly #env: NodeJS.ProcessEnv;
  readonly #command: string;

  constructor(lab: Lab, urls: readonly string[]) {
    this.#env = { ...lab.env, TSD_ROOT: join(lab.work, "root"), TSD_RUN: "/run/tsd" };
    this.#command = join(lab.project, "bin/tsd");
    read(["ip", "link", "add", "under0", "type", "bridge"]);
    read(["ip", "address", "add", "192.0.2.1/24", "dev", "under0"]);
    read(["ip", "link", "set", "under0", "up"]);
    // The simulated hosts' addresses.
    read(["ip", "route", "add", "100.64.0.0/10", "dev", "under0"]);
    this.tsd("cluster", "join", "--etcd", urls.join(","), "--name", "real", "--address", "192.0.2.1");
  }

  tsd(...words: readonly string[]): string {
    return read([this.#command, ...words], { env: this.#env }).trim();
  }

  timeTsd(...words: readonly string[]): number {
    return time([this.#command, ...words], { env: this.#env });
  }

  /** Milliseconds until this host's table has at least (or, for `isLess`, at most) so many routes by the tunnel. */
  async untilRoutes(tunnel: string, count: number, isLess = false): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const { length } = this.routes(tunnel);
      if (isLess ? length <= count : length >= count) return performance.now() - begun;
      if (performance.now() - begun > PATIENCE * 1000)
        throw new Error(`${length} of ${count} routes after ${PATIENCE} s`);
      await sleep(50);
    }
  }

  routes(tunnel: string): readonly string[] {
    return readFileSync("/proc/net/route", "utf8")
      .split("\n")
      .filter((line) => line.startsWith(`${tunnel}\t`));
  }

  /** Waits until the agent has had nothing to do for two seconds. */
  async untilIdle(): Promise<void> {
    for (let before = -1, begun = performance.now(); performance.now() - begun < PATIENCE * 1000; await sleep(2000)) {
      const now = this.agentTime();
      // It looks at its own state twice a second.
      if (now - before < 50 && before >= 0) return;
      before = now;
    }
    throw new Error(`the agent has something to do after ${PATIENCE} s`);
  }

  /** Milliseconds of processor time that the agent has used; proc_pid_stat(5): fields 14 and 15, in ticks of 10 ms. */
  agentTime(): number {
    const [, fields = ""] = readFileSync(`/proc/${this.agent()}/stat`, "utf8").split(") ");
    const [user, system] = fields.split(" ").slice(11, 13).map(Number);
    return ((user ?? Number.NaN) + (system ?? Number.NaN)) * 10;
  }

  /** Process id of the agent, as it says itself. */
  agent(): number {
    return JSON.parse(readFileSync("/run/tsd/agent/lock", "utf8")).pid;
  }
}

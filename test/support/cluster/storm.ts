import { existsSync, readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { eventually } from "../eventually.js";
import { runProgram } from "../lab/program.js";
import type { Random } from "../soak/random.js";
import { type ClusterLab, useSinceBoot } from "./cluster-lab.js";
import { pings } from "./pings.js";

const HOSTS = [1, 2, 3] as const;
/** Containers at once on each host. */
const MOST = 3;
const NETWORK = "web";
/** Outside of all blocks: containers of any host ask for them. */
const FAR = ["10.5.200.1", "10.5.200.2"] as const;
/** What a host says that cannot give such an address back at the moment. */
const KEPT = /^(tsd: warning: the cluster has what this host gave up: .*)?\n?$/;

type HostNumber = (typeof HOSTS)[number];

/**
 * What can happen to a cluster, one thing after the other, at random. Host 3 may lose power and its wire; hosts 1 and 2 lose only what
 * decides and not what carries: agents, members of etcd, and the way to them.
 */
export class Storm {
  /** What was done, for a message. */
  readonly log: string[] = [];
  readonly #containers = new Map<string, HostNumber>();
  #named = 0;

  constructor(
    private readonly lab: ClusterLab,
    private readonly random: Random,
  ) {}

  /** Does so many things; commands may fail meanwhile, in words. */
  async rage(count: number): Promise<void> {
    for (let done = 0; done < count; done++) await this.#act();
  }

  /** Takes away what is in the way; then all containers meet, no address is there twice, and check finds nothing. */
  async calm(): Promise<void> {
    await this.lab.underlay.heal();
    for (const { number, program } of this.lab.etcd.members) if (program === undefined) this.lab.etcd.run(number);
    await this.lab.etcd.healthy();
    for (const number of HOSTS) await eventually(() => this.lab.host(number).mustTsd(["reload"]));
    const addresses = await this.#addresses();
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const [name, number] of this.#containers) {
      const inside = await this.lab.host(number).insideOf(name);
      await eventually(async () => expect(await pings(inside, addresses, 1)).toEqual(addresses));
    }
    for (const number of HOSTS) {
      await eventually(async () => expect(await this.lab.host(number).tsd(["check"])).toMatchObject({ code: 0 }));
    }
  }

  async removeAll(): Promise<void> {
    for (const [name, number] of this.#containers) await this.lab.host(number).mustTsd(["rm", "-f", name]);
    this.#containers.clear();
    // It went with the power.
    await useSinceBoot(this.lab.host(3));
  }

  #act(): Promise<void> {
    const actions = [
      ...[() => this.#run(), () => this.#run(), () => this.#remove(), () => this.#replace()],
      ...[() => this.#killAgent(), () => this.#killMember(), () => this.#restartMembers()],
      ...[() => this.#cut(), () => this.lab.underlay.heal(), () => this.#powerCut()],
    ];
    return this.random.pick(actions as [(typeof actions)[0]])();
  }

  async #run(): Promise<void> {
    const number = this.random.pick(HOSTS);
    if ([...this.#containers.values()].filter((host) => host === number).length >= MOST) return;
    const name = `s${this.#named++}`;
    const address = this.random.oneIn(3) ? ["--ip", this.random.pick(FAR)] : [];
    const words = ["run", "-d", "--name", name, "--net", NETWORK, ...address, "busybox", "sleep", "3600"];
    const { code, stderr } = await this.lab.host(number).tsd(words, { timeout: 60_000 });
    this.log.push(`run ${name} ${address.join(" ")} on ${number}: ${code} ${stderr}`);
    if (code === 0) this.#containers.set(name, number);
    else await this.lab.host(number).tsd(["rm", "-f", name]);
  }

  async #remove(): Promise<void> {
    const [first, ...rest] = [...this.#containers.keys()];
    if (first === undefined) return;
    const name = this.random.pick([first, ...rest]);
    const number = this.#containers.get(name) ?? 1;
    const { code, stderr } = await this.lab.host(number).tsd(["rm", "-f", name], { timeout: 60_000 });
    this.log.push(`rm ${name} on ${number}: ${code} ${stderr}`);
    expect([code, stderr]).toEqual([0, expect.stringMatching(KEPT)]);
    this.#containers.delete(name);
  }

  /** As when a container is replaced by another: both commands at once. */
  async #replace(): Promise<void> {
    await Promise.all([this.#remove(), this.#run()]);
  }

  async #killAgent(): Promise<void> {
    const number = this.random.pick(HOSTS);
    const lock = `${this.lab.host(number).runDirectory}/agent/lock`;
    if (!existsSync(lock)) return;
    const { pid } = JSON.parse(readFileSync(lock, "utf8")) as { readonly pid: number };
    this.log.push(`kill the agent of ${number}`);
    await runProgram(["kill", "-KILL", String(pid)]);
  }

  async #killMember(): Promise<void> {
    const { number } = this.random.pick(this.lab.etcd.members as readonly [(typeof this.lab.etcd.members)[number]]);
    this.log.push(`kill member ${number}`);
    await this.lab.etcd.kill(number);
  }

  #restartMembers(): Promise<void> {
    for (const { number, program } of this.lab.etcd.members) if (program === undefined) this.lab.etcd.run(number);
    this.log.push("start all members");
    return Promise.resolve();
  }

  async #cut(): Promise<void> {
    const members = this.lab.etcd.members.map(({ number }) => number);
    const number = this.random.pick(HOSTS);
    const others = number === 3 && this.random.oneIn(2) ? [1, 2, ...members] : members;
    this.log.push(`cut ${number} from ${others.join(" ")}`);
    await this.lab.underlay.cut([number], others);
  }

  async #powerCut(): Promise<void> {
    this.log.push("power cut of 3");
    await this.lab.host(3).powerOff();
    await this.lab.boot(3);
    for (const [name, number] of this.#containers) {
      if (number !== 3) continue;
      const { code, stderr } = await this.lab.host(3).tsd(["start", name], { timeout: 60_000 });
      this.log.push(`start ${name} on 3: ${code} ${stderr}`);
      if (code === 0) continue;
      await this.lab.host(3).tsd(["rm", "-f", name]);
      this.#containers.delete(name);
    }
  }

  async #addresses(): Promise<readonly string[]> {
    const format = `{{(index .NetworkSettings.Networks "${NETWORK}").IPAddress}}`;
    const found = [...this.#containers].map(([name, number]) =>
      this.lab.host(number).mustTsd(["inspect", "--format", format, name]),
    );
    return (await Promise.all(found)).toSorted();
  }
}

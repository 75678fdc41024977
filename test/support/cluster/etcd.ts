import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually } from "../eventually.js";
import { Namespace } from "../lab/namespace.js";
import { mustRun, type Program } from "../lab/program.js";
import { addressOf, type Underlay } from "./underlay.js";

const programs = resolve(".runtime/etcd/usr/bin");
const LIFE = 3_600_000;

/** One of three: a machine of the underlay with nothing but etcd. */
interface Member {
  readonly number: number;
  readonly name: string;
  readonly namespace: Namespace;
  program: Program | undefined;
}

/** Three members of Debian's etcd (script/etcd), each on a machine of its own. */
export class Etcd implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), "etcd-"));
  #generation = 0;

  private constructor(readonly members: readonly Member[]) {}

  /** Numbers say which machines of the underlay they are. */
  static async start(underlay: Underlay, numbers: readonly number[] = [11, 12, 13]): Promise<Etcd> {
    const members: Member[] = [];
    for (const number of numbers) {
      const name = `etcd-${number}-${process.pid}`;
      const namespace = await Namespace.create(name);
      await underlay.connect(namespace, number);
      members.push({ number, name, namespace, program: undefined });
    }
    const etcd = new Etcd(members);
    // In memory: a disk that others use would have members miss heartbeats.
    await mustRun(["mount", "-t", "tmpfs", "tmpfs", etcd.#directory]);
    for (const { number } of members) etcd.run(number);
    await etcd.healthy();
    return etcd;
  }

  /** What `--etcd` of `tsd cluster join` takes. */
  get urls(): string {
    return this.members.map(({ number }) => clientUrl(number)).join(",");
  }

  /** Starts a member with the data that it had. */
  run(number: number): void {
    const member = this.#member(number);
    const peers = this.members.map(({ number: peer }) => `m${peer}=${peerUrl(peer)}`).join(",");
    member.program = member.namespace.start(
      [
        ...[join(programs, "etcd"), "--name", `m${number}`, "--data-dir", this.#dataOf(number)],
        ...["--listen-client-urls", clientUrl(number), "--advertise-client-urls", clientUrl(number)],
        ...["--listen-peer-urls", peerUrl(number), "--initial-advertise-peer-urls", peerUrl(number)],
        ...["--initial-cluster", peers, "--initial-cluster-token", `lab-${this.#generation}`, "--log-level", "error"],
      ],
      { timeout: LIFE },
    );
  }

  async kill(number: number): Promise<void> {
    const member = this.#member(number);
    member.program?.kill("SIGKILL");
    await member.program?.ended;
    member.program = undefined;
  }

  /** The number of the member that leads. */
  async leader(): Promise<number> {
    const text = await this.ctl("endpoint", "status", "--write-out", "json");
    const statuses = JSON.parse(text) as readonly {
      readonly Endpoint: string;
      readonly Status: { readonly leader: number; readonly header: { readonly member_id: number } };
    }[];
    const leading = statuses.find(({ Status }) => Status.leader === Status.header.member_id);
    const member = this.members.find(({ number }) => clientUrl(number) === leading?.Endpoint);
    if (member === undefined) throw new Error(`no member of etcd leads: ${text}`);
    return member.number;
  }

  /** Runs etcdctl against all members that run. */
  ctl(...words: readonly string[]): Promise<string> {
    return this.#atAll(words);
  }

  #atAll(words: readonly string[], input = ""): Promise<string> {
    const running = this.members.filter(({ program }) => program !== undefined);
    const endpoints = running.map(({ number }) => clientUrl(number)).join(",");
    return this.#etcdctl(endpoints, words, input);
  }

  /** Does all of it or none; lines as etcdctl reads them. */
  async transaction(lines: readonly string[]): Promise<void> {
    await this.#atAll(["txn"], `\n${lines.join("\n")}\n\n\n`);
  }

  /** Keys below a prefix. */
  async keys(prefix = "/"): Promise<readonly string[]> {
    return lines(await this.ctl("get", prefix, "--prefix", "--keys-only"));
  }

  /** Keys below a prefix, as one member knows them. */
  async keysOf(number: number, prefix: string): Promise<readonly string[]> {
    return lines(await this.#etcdctl(clientUrl(number), ["get", prefix, "--prefix", "--keys-only"]));
  }

  /** Waits until all members have one leader. */
  async healthy(): Promise<void> {
    await eventually(() => this.ctl("endpoint", "health"));
  }

  /** Copies all data as of now; returns what {@link restore} takes. */
  async backUp(): Promise<string> {
    const file = join(this.#directory, `backup-${this.#generation}`);
    await this.#etcdctl(clientUrl(await this.leader()), ["snapshot", "save", file]);
    return file;
  }

  /** Ends all members, and starts new ones from a backup, as etcd's documentation says. */
  async restore(backup: string): Promise<void> {
    for (const { number } of this.members) await this.kill(number);
    this.#generation++;
    const peers = this.members.map(({ number }) => `m${number}=${peerUrl(number)}`).join(",");
    for (const { number } of this.members) {
      await this.#etcdctl(clientUrl(number), [
        ...["snapshot", "restore", backup, "--name", `m${number}`, "--data-dir", this.#dataOf(number)],
        ...["--initial-advertise-peer-urls", peerUrl(number), "--initial-cluster", peers],
        ...["--initial-cluster-token", `lab-${this.#generation}`],
      ]);
    }
    for (const { number } of this.members) this.run(number);
    await this.healthy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { number, name } of this.members) {
      await this.kill(number);
      await mustRun(["ip", "netns", "delete", name]);
    }
    await mustRun(["umount", this.#directory]);
    rmSync(this.#directory, { recursive: true });
  }

  async #etcdctl(endpoints: string, words: readonly string[], input = ""): Promise<string> {
    const [first] = this.members;
    if (first === undefined) throw new Error("etcd has no member");
    return await first.namespace.mustRun([join(programs, "etcdctl"), "--endpoints", endpoints, ...words], {
      env: { PATH: process.env.PATH ?? "", ETCDCTL_API: "3" },
      input,
    });
  }

  #dataOf(number: number): string {
    return join(this.#directory, `m${number}-${this.#generation}`);
  }

  #member(number: number): Member {
    const member = this.members.find((candidate) => candidate.number === number);
    if (member === undefined) throw new Error(`etcd has no member on machine ${number}`);
    return member;
  }
}

const clientUrl = (number: number): string => `http://${addressOf(number)}:2379`;
const peerUrl = (number: number): string => `http://${addressOf(number)}:2380`;
const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

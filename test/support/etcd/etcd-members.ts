import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually } from "../eventually.js";

const binaries = resolve(".runtime/etcd/usr/bin");

export interface MembersOptions {
  /** Default 3. */
  readonly count?: number;
  /** Default 42379; each member takes two ports. */
  readonly port?: number;
  /** PEM files: clients show a certificate of the same authority, and etcd shows `cert`. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

interface Member {
  readonly name: string;
  readonly client: string;
  readonly peer: string;
  process?: ChildProcess;
}

/** Debian's etcd (script/etcd) on 127.0.0.1 of the namespace in which the test runs. */
export class EtcdMembers implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "tsd-etcd-"));
  readonly #members: readonly Member[];

  constructor(private readonly options: MembersOptions = {}) {
    const { count = 3, port = 42_379, tls } = options;
    const scheme = tls === undefined ? "http" : "https";
    this.#members = Array.from({ length: count }, (_, at) => ({
      name: `m${at}`,
      client: `${scheme}://127.0.0.1:${port + 2 * at}`,
      peer: `http://127.0.0.1:${port + 2 * at + 1}`,
    }));
  }

  static isThere(): boolean {
    return existsSync(join(binaries, "etcd"));
  }

  get endpoints(): readonly string[] {
    return this.#members.map(({ client }) => client);
  }

  async start(): Promise<this> {
    execFileSync("ip", ["link", "set", "lo", "up"]);
    for (const at of this.#members.keys()) this.startOne(at);
    await eventually(async () => this.etcdctl("endpoint", "health"));
    return this;
  }

  startOne(at: number): void {
    const member = this.#at(at);
    const { tls } = this.options;
    const secured =
      tls === undefined
        ? []
        : ["--client-cert-auth", `--trusted-ca-file=${tls.ca}`, `--cert-file=${tls.cert}`, `--key-file=${tls.key}`];
    const log = openSync(join(this.directory, `${member.name}.log`), "a");
    member.process = spawn(
      join(binaries, "etcd"),
      [
        `--name=${member.name}`,
        `--data-dir=${join(this.directory, member.name)}`,
        `--listen-client-urls=${member.client}`,
        `--advertise-client-urls=${member.client}`,
        `--listen-peer-urls=${member.peer}`,
        `--initial-advertise-peer-urls=${member.peer}`,
        `--initial-cluster=${this.#members.map(({ name, peer }) => `${name}=${peer}`).join(",")}`,
        "--heartbeat-interval=50",
        "--election-timeout=500",
        ...secured,
      ],
      { stdio: ["ignore", log, log], env: { ETCD_UNSUPPORTED_ARCH: process.arch } },
    );
  }

  /** Ends a member by the signal, at once by default; its data stays. */
  async stop(at: number, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const { process } = this.#at(at);
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((done) => process.once("exit", done));
    process.kill(signal);
    process.kill("SIGCONT");
    await ended;
  }

  /** Holds a member where it is, as a machine that hangs, or has it go on. */
  pause(at: number, isPaused: boolean): void {
    this.#at(at).process?.kill(isPaused ? "SIGSTOP" : "SIGCONT");
  }

  /** Which member leads. */
  leader(): number {
    const statuses = JSON.parse(this.etcdctl("endpoint", "status", "--write-out=json")) as readonly {
      readonly Status: { readonly leader: number; readonly header: { readonly member_id: number } };
    }[];
    return statuses.findIndex(({ Status }) => Status.leader === Status.header.member_id);
  }

  etcdctl(...args: readonly string[]): string {
    const { tls } = this.options;
    const secured = tls === undefined ? [] : [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`];
    return execFileSync(join(binaries, "etcdctl"), [`--endpoints=${this.endpoints.join(",")}`, ...secured, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ETCDCTL_API: "3" },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const at of this.#members.keys()) await this.stop(at);
    rmSync(this.directory, { recursive: true, force: true });
  }

  #at(at: number): Member {
    const member = this.#members[at];
    if (member === undefined) throw new Error(`there is no member ${at}`);
    return member;
  }
}

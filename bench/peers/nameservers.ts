import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Absent } from "../benchmark.ts";
import { type Argv, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, isTool } from "./tool.ts";
import { type Form, openTsdTool } from "./tsd.ts";

/** A name server that runs, has `host0`… and forwards to {@link UPSTREAM}. */
export interface NameServerTool {
  readonly name: string;
  pid(): number;
  /** What a client's command begins with, to be where the server is asked. */
  readonly inside: readonly string[];
  readonly address: string;
  readonly port: number;
  close(): void;
}

/** Where a server is that knows all names below `example.com`; aardvark-dns asks at port 53 alone, by resolv.conf. */
const UPSTREAM = "127.0.0.53";
/** How many names of their own servers have. */
export const OWN_NAMES = 500;
/** Containers that have them, and the network of these. */
const CONTAINERS = 5;
const NETWORK = "bench-names";

const NAMES = Array.from({ length: OWN_NAMES }, (_, at) => `host${at}`);
const ADDRESSES = NAMES.map((name, at) => [name, `10.1.${at >> 8}.${at & 255}`] as const);

export const nameServerPath = (lab: Lab, path: string): string => join(lab.project, ".runtime/nameservers/usr", path);

/** With the libraries that script/nameservers has unpacked. */
export function nameServerEnv(lab: Lab): NodeJS.ProcessEnv {
  const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch as "x64" | "arm64"];
  const libraries = [nameServerPath(lab, `lib/${machine}-linux-gnu`), nameServerPath(lab, "lib")].join(":");
  return { ...lab.env, LD_LIBRARY_PATH: libraries };
}

/** The server of other names, which the host's resolv.conf has from now on. */
export function startUpstream(lab: Lab): ChildProcess {
  writeFileSync("/etc/resolv.conf", `nameserver ${UPSTREAM}\n`);
  const answers = ["--address=/example.com/192.0.2.1", "--local-ttl=0", `--listen-address=${UPSTREAM}`];
  return start(lab, [...dnsmasqCommand(lab), ...answers]);
}

/** Its names are aliases of containers, one more of which asks. */
export function tsdNames(lab: Lab, form: Form, third: number): NameServerTool | Absent {
  const tool = openTsdTool(lab, form);
  if (!isTool(tool)) return tool;
  const { command, env, name } = tool;
  const tsd = (...words: readonly string[]): string => read([...command, ...words], { env });
  const run = (container: string, names: readonly string[]): string =>
    tsd(
      "run",
      "-d",
      "--name",
      container,
      "--net",
      NETWORK,
      ...names.flatMap((one) => ["--network-alias", one]),
      IMAGE,
      "sleep",
      "3600",
    );
  try {
    tsd("network", "create", "--subnet", `10.216.${third}.0/24`, NETWORK);
    const [asker, ...others] = Array.from({ length: 1 + CONTAINERS }, (_, at) => `names-${third}-${at}`) as [
      string,
      ...string[],
    ];
    for (const [at, container] of others.entries())
      run(
        container,
        NAMES.filter((_, name) => name % CONTAINERS === at),
      );
    run(asker, []);
    const pid = tsd("inspect", "--format", "{{.State.Pid}}", asker).trim();
    return {
      name,
      pid: () => JSON.parse(readFileSync(`${env.TSD_RUN}/resolver/lock`, "utf8")).pid,
      inside: ["nsenter", `--net=/proc/${pid}/ns/net`],
      ...{ address: "127.0.0.11", port: 53 },
      close: () => {
        tsd("rm", "-f", asker, ...others);
        tsd("network", "rm", NETWORK);
      },
    };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

export function dnsmasq(lab: Lab): NameServerTool | Absent {
  const hosts = join(lab.work, "hosts");
  writeFileSync(hosts, ADDRESSES.map(([name, address]) => `${address} ${name}\n`).join(""));
  const options = ["--port=5302", `--addn-hosts=${hosts}`, `--server=${UPSTREAM}`, "--domain-needed"];
  return peer(lab, "dnsmasq", 5302, [...dnsmasqCommand(lab), "--listen-address=127.0.0.1", ...options]);
}

export function aardvark(lab: Lab): NameServerTool | Absent {
  const config = join(lab.work, "aardvark");
  mkdirSync(config, { recursive: true });
  const rows = ADDRESSES.map(([name, address], at) => `${at.toString(16).padStart(64, "0")} ${address}  ${name}\n`);
  writeFileSync(join(config, "net"), `127.0.0.1\n${rows.join("")}`);
  const program = "/usr/lib/podman/aardvark-dns";
  const server = peer(lab, "aardvark-dns", 5303, [program, "--config", config, "--port", "5303", "run"]);
  if ("reason" in server) return server;
  // It goes on as a process of its own.
  const pid = (): number => Number(readFileSync(join(config, "aardvark.pid"), "utf8"));
  return { ...server, pid, close: () => void process.kill(pid()) };
}

function peer(lab: Lab, name: string, port: number, command: Argv): NameServerTool | Absent {
  if (!existsSync(command[0])) return { name, reason: "not installed" };
  const server = start(lab, command);
  const pid = (): number => server.pid ?? 0;
  return { name, pid, inside: [], address: "127.0.0.1", port, close: () => void server.kill() };
}

function dnsmasqCommand(lab: Lab): Argv {
  return [nameServerPath(lab, "sbin/dnsmasq"), "--no-daemon", "--no-resolv", "--no-hosts", "--bind-interfaces"];
}

function start(lab: Lab, [file, ...args]: Argv): ChildProcess {
  return spawn(file, args, { env: nameServerEnv(lab), stdio: "ignore" });
}

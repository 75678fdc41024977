import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Argv } from "../command.ts";
import type { Lab } from "../lab.ts";

/** A name server that has `host0`… and forwards to {@link UPSTREAM}. */
export interface NameServerTool {
  readonly name: string;
  readonly program: string;
  readonly command: Argv;
  readonly address: string;
  readonly port: number;
}

/** Where a server is that knows all names below `example.com`; aardvark-dns asks at port 53 alone, by resolv.conf. */
export const UPSTREAM = "127.0.0.53";
/** How many names of their own servers have. */
export const OWN_NAMES = 500;

const ADDRESSES = Array.from({ length: OWN_NAMES }, (_, at) => [`host${at}`, `10.1.${at >> 8}.${at & 255}`] as const);

export const nameServerPath = (lab: Lab, path: string): string => join(lab.project, ".runtime/nameservers/usr", path);

/** tsd's part, and with `TSD_BENCH_RESOLVER` in its place a command that listens on 127.0.0.1, port 5301. */
export async function tsdNameServer(lab: Lab): Promise<NameServerTool> {
  const program = join(lab.work, "names.cjs");
  await build({
    entryPoints: [join(lab.project, "bench/names-process.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: program,
    logLevel: "error",
  });
  const own: Argv = [process.execPath, program, "5301", String(OWN_NAMES), UPSTREAM];
  const command = process.env.TSD_BENCH_RESOLVER?.split(" ") as [string, ...string[]] | undefined;
  return { name: "tsd", program: process.execPath, command: command ?? own, address: "127.0.0.1", port: 5301 };
}

export function dnsmasq(lab: Lab): NameServerTool {
  const hosts = join(lab.work, "hosts");
  writeFileSync(hosts, ADDRESSES.map(([name, address]) => `${address} ${name}\n`).join(""));
  const program = nameServerPath(lab, "sbin/dnsmasq");
  const listen = ["--no-daemon", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1"];
  const options = ["--port=5302", `--addn-hosts=${hosts}`, `--server=${UPSTREAM}`, "--domain-needed"];
  return { name: "dnsmasq", program, command: [program, ...listen, ...options], address: "127.0.0.1", port: 5302 };
}

export function aardvark(lab: Lab): NameServerTool {
  const config = join(lab.work, "aardvark");
  mkdirSync(config);
  const rows = ADDRESSES.map(([name, address], at) => `${at.toString(16).padStart(64, "0")} ${address}  ${name}\n`);
  writeFileSync(join(config, "net"), `127.0.0.1\n${rows.join("")}`);
  const program = "/usr/lib/podman/aardvark-dns";
  const command: Argv = [program, "--config", config, "--port", "5303", "run"];
  return { name: "aardvark-dns", program, command, address: "127.0.0.1", port: 5303 };
}

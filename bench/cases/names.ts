import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { read } from "../command.ts";
import type { Lab } from "../lab.ts";
import {
  aardvark,
  dnsmasq,
  type NameServerTool,
  nameServerPath,
  OWN_NAMES,
  tsdNameServer,
  UPSTREAM,
} from "../peers/nameservers.ts";

const SECONDS = { quick: "1", full: "2" };
/** Time for a server to listen. */
const SETTLE = 1000;

export const names: Benchmark = {
  id: "names",
  title: "Names",
  about: `dnsperf asks for addresses by UDP, 40 questions at a time: for ${OWN_NAMES} names that the server has, and for names that another server has, with a TTL of 0. More is better.`,
  unit: "queries/s",
  measures: ["own names", "forwarded"],
  floor: "dnsmasq",
  effort: { quick: { turns: 2, seconds: 12 }, full: { turns: 9, seconds: 60 } },
  enter: async (lab) => {
    const tools = [await tsdNameServer(lab), dnsmasq(lab), aardvark(lab)];
    if (!existsSync(nameServerPath(lab, "bin/dnsperf")))
      return tools.map(({ name }) => ({ name, reason: "script/nameservers has unpacked no dnsperf" }));
    const env = { ...lab.env, LD_LIBRARY_PATH: libraries(lab) };
    writeFileSync("/etc/resolv.conf", `nameserver ${UPSTREAM}\n`);
    const own = questions(lab, "own", (at) => `host${at}`);
    const foreign = questions(lab, "foreign", (at) => `n${at}.example.com`);
    const answering = ["--address=/example.com/192.0.2.1", "--local-ttl=0", `--listen-address=${UPSTREAM}`];
    const program = nameServerPath(lab, "sbin/dnsmasq");
    const upstream = start(
      [program, "--no-daemon", "--no-resolv", "--no-hosts", "--bind-interfaces", ...answering],
      env,
    );
    const entrants = tools.map((tool): Entrant => {
      if (!existsSync(tool.program)) return { name: tool.name, reason: "not installed" };
      const server = start(tool.command, env);
      const rate = (file: string) => rateOf(lab, { tool, file, env });
      return {
        name: tool.name,
        sample: () => ({ "own names": rate(own), forwarded: rate(foreign) }),
        close: () => {
          server.kill();
          upstream.kill();
        },
      };
    });
    await sleep(SETTLE);
    return entrants;
  },
};

interface Load {
  readonly tool: NameServerTool;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

function rateOf(lab: Lab, { tool: { address, port }, file, env }: Load): number {
  const load = ["-c", "4", "-q", "40", "-l", SECONDS[lab.mode], "-d", file];
  const said = read([nameServerPath(lab, "bin/dnsperf"), "-s", address, "-p", String(port), ...load], { env });
  const codes = /Response codes:\s+NOERROR \d+ \(100.00%\)/.test(said);
  const rate = /Queries per second:\s+([\d.]+)/.exec(said)?.[1];
  if (!codes || rate === undefined) throw new Error(said.split("\n").find((line) => /codes/.test(line)) ?? "no reply");
  return Number(rate);
}

function questions(lab: Lab, name: string, asked: (at: number) => string): string {
  const path = join(lab.work, `${name}.questions`);
  writeFileSync(path, Array.from({ length: OWN_NAMES }, (_, at) => `${asked(at)} A\n`).join(""));
  return path;
}

function start([file, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(file, args, { env, stdio: "ignore" });
}

function libraries(lab: Lab): string {
  const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch as "x64" | "arm64"];
  return [nameServerPath(lab, `lib/${machine}-linux-gnu`), nameServerPath(lab, "lib")].join(":");
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { type Argv, read } from "../command.ts";
import type { Lab } from "../lab.ts";
import {
  aardvark,
  dnsmasq,
  type NameServerTool,
  nameServerEnv,
  nameServerPath,
  OWN_NAMES,
  startUpstream,
  tsdNames,
} from "../peers/nameservers.ts";

const SECONDS = { quick: "1", full: "2" };
/** Time for a server to listen. */
const SETTLE = 1000;
/** Of the times in /proc, in µs: USER_HZ is 100. */
const TICK = 10_000;
/** Its name is in parentheses; user and system time are the 14th and 15th field, see proc_pid_stat(5). */
const USER_TIME = 11;

const SCENE = `${OWN_NAMES} names that the server has, and names that another server has, with a TTL of 0. tsd's resolver is asked by a container, through the rules of its namespace; the others where they listen. dnsperf asks for addresses by UDP`;

export const names: Benchmark = {
  id: "names",
  title: "Names",
  about: `${SCENE}, 40 questions at a time. More is better.`,
  unit: "queries/s",
  measures: ["own names", "forwarded"],
  floor: "dnsmasq",
  effort: { quick: { turns: 1, seconds: 12 }, full: { turns: 9, seconds: 35 } },
  enter: (lab) => enter(lab, 0, (ask) => ({ "own names": ask("own", 40).rate, forwarded: ask("foreign", 40).rate })),
};

export const namesCost: Benchmark = {
  id: "names-cost",
  title: "What a name costs",
  about: `${SCENE}. Processor time of the server for each question, of 40 at a time, and how long a client waits that asks one question after the other.`,
  unit: "µs",
  measures: ["own names: processor time", "forwarded: processor time", "own names: wait", "forwarded: wait"],
  floor: "dnsmasq",
  effort: { quick: { turns: 1, seconds: 12 }, full: { turns: 7, seconds: 35 } },
  enter: (lab) =>
    enter(lab, 10, (ask) => ({
      "own names: processor time": ask("own", 40).cost,
      "forwarded: processor time": ask("foreign", 40).cost,
      "own names: wait": ask("own", 1).wait,
      "forwarded: wait": ask("foreign", 1).wait,
    })),
};

/** Questions per second, and of one: microseconds of the server's processor time, and until the reply. */
interface Load {
  readonly rate: number;
  readonly cost: number;
  readonly wait: number;
}

type Ask = (kind: "own" | "foreign", atOnce: number) => Load;

async function enter(
  lab: Lab,
  third: number,
  sampleOf: (ask: Ask) => Readonly<Record<string, number>>,
): Promise<readonly Entrant[]> {
  if (!existsSync(nameServerPath(lab, "bin/dnsperf")))
    return [{ name: "dnsperf", reason: "script/nameservers has unpacked none" }];
  const files = {
    own: questions(lab, "own", (at) => `host${at}`),
    foreign: questions(lab, "foreign", (at) => `n${at}.example.com`),
  };
  const upstream = startUpstream(lab);
  const tools = [
    ...[dnsmasq(lab), aardvark(lab)],
    ...[tsdNames(lab, "tsd", third), tsdNames(lab, "tsd on Node.js", third + 1)],
  ];
  await sleep(SETTLE);
  return tools.map((tool): Entrant => {
    if ("reason" in tool) return tool;
    return {
      name: tool.name,
      sample: () => sampleOf((kind, atOnce) => load(lab, tool, { file: files[kind], atOnce })),
      close: () => {
        tool.close();
        upstream.kill();
      },
    };
  });
}

function load(
  lab: Lab,
  { inside, address, port, pid }: NameServerTool,
  { file, atOnce }: { readonly file: string; readonly atOnce: number },
): Load {
  const options = ["-c", String(Math.min(atOnce, 4)), "-q", String(atOnce), "-l", SECONDS[lab.mode], "-d", file];
  const command = [...inside, nameServerPath(lab, "bin/dnsperf"), "-s", address, "-p", String(port), ...options];
  const before = processorTime(pid());
  const said = read(command as unknown as Argv, { env: nameServerEnv(lab) });
  const spent = processorTime(pid()) - before;
  if (!/Response codes:\s+NOERROR \d+ \(100.00%\)/.test(said))
    throw new Error(said.split("\n").find((line) => /codes/.test(line)) ?? "no reply");
  const number = (label: RegExp): number => Number(label.exec(said)?.[1]);
  return {
    rate: number(/Queries per second:\s+([\d.]+)/),
    cost: spent / number(/Queries completed:\s+(\d+)/),
    wait: number(/Average Latency \(s\):\s+([\d.]+)/) * 1e6,
  };
}

/** Microseconds so far. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1])) * TICK;
}

function questions(lab: Lab, name: string, asked: (at: number) => string): string {
  const path = join(lab.work, `${name}.questions`);
  writeFileSync(path, Array.from({ length: OWN_NAMES }, (_, at) => `${asked(at)} A\n`).join(""));
  return path;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Argv, read } from "./command.ts";
import type { Lab } from "./lab.ts";
import { median } from "./statistics.ts";
import type { Times, WorkerAnswer, WorkerRequest, WorkerSetup } from "./worker-protocol.ts";

/** Attachments whose median is one sample, unless a benchmark has others. */
const GUESTS = 5;

/** Medians in ms per endpoint; not a number for what was not done. */
type Medians = Readonly<Record<keyof Times, number>>;

/**
 * A network namespace that plays a machine of its own: with an uplink to a client, a tsd with its own state, and an
 * endpoint that publishes many ports. Several of them side by side differ only in how many.
 */
export interface Host {
  /** Names of its namespace, of the client's, and of the endpoint with the ports. */
  readonly netns: string;
  readonly client: string;
  readonly crowd: string;
  /** Its state directories, for commands. */
  readonly env: NodeJS.ProcessEnv;
  /** Attaches other namespaces and detaches them. */
  attach(request: WorkerRequest): Promise<Medians>;
  close(): Promise<void>;
}

/** The host's address towards its client. */
export const UPLINK_ADDRESS = "192.0.2.1";

/** Why no host can be opened, or undefined. */
export function whyNoHost(lab: Lab): string | undefined {
  return existsSync(libraryOf(lab)) ? undefined : "the library is not built: run script/bootstrap";
}

let opened = 0;

interface HostOptions {
  /** Namespaces to attach on request. */
  readonly guests?: number;
  /** Half of the ports are published as a range. */
  readonly inRanges?: boolean;
}

/** Makes a host with `present` published ports. Throws what the library says. */
export async function openHost(
  lab: Lab,
  present: number,
  { guests: count = GUESTS, inRanges = false }: HostOptions = {},
): Promise<Host> {
  const number = ++opened;
  const [netns, client, crowd] = [`host${number}`, `client${number}`, `crowd${number}`];
  const guests = Array.from({ length: count }, (_, at) => `guest${number}-${at}`);
  for (const name of [netns, client, crowd, ...guests]) read(["ip", "netns", "add", name]);
  makeUplink(netns, client);
  const root = join(lab.work, netns);
  const run = `/run/tsd-${netns}`;
  const setup: WorkerSetup = { library: libraryOf(lab), root, run, present, inRanges, crowd, guests };
  const worker = startWorker(lab, netns, setup);
  const close = async (): Promise<void> => {
    if (worker.connected) worker.disconnect();
    if (worker.exitCode === null) await once(worker, "exit");
    for (const name of [netns, client, crowd, ...guests]) read(["ip", "netns", "del", name]);
  };
  try {
    await answerOf(worker);
  } catch (error) {
    await close();
    throw error;
  }
  const attach = async (request: WorkerRequest): Promise<Medians> => {
    worker.send(request);
    const times = await answerOf(worker);
    return { attach: median(times.attach), publish: median(times.publish), detach: median(times.detach) };
  };
  const env = { ...lab.env, TSD_ROOT: root, TSD_RUN: run };
  return { netns, client, crowd, env, attach, close };
}

/** A command that runs in the host's network namespace and nothing else of it. */
export function inHost(netns: string, command: Argv): Argv {
  return ["nsenter", `--net=/run/netns/${netns}`, ...command];
}

function libraryOf(lab: Lab): string {
  return join(lab.project, "dist/index.js");
}

/** A cable between two namespaces, by which the host reaches all others. */
export function makeUplink(netns: string, client: string): void {
  const script = [
    `link add uplink netns ${netns} type veth peer name eth0 netns ${client}`,
    ...[`-n ${netns} addr add ${UPLINK_ADDRESS}/24 dev uplink`, `-n ${client} addr add 192.0.2.2/24 dev eth0`],
    ...[`-n ${netns} link set lo up`, `-n ${netns} link set uplink up`, `-n ${client} link set eth0 up`],
    `-n ${netns} route add default via 192.0.2.2`,
  ];
  for (const line of script) read(["ip", ...line.split(" ")]);
}

function startWorker(lab: Lab, netns: string, setup: WorkerSetup): ChildProcess {
  const script = join(lab.project, "bench/worker.ts");
  const [file, ...args] = inHost(netns, [process.execPath, script, JSON.stringify(setup)]);
  return spawn(file, args, { stdio: ["ignore", "inherit", "inherit", "ipc"], env: lab.env });
}

async function answerOf(worker: ChildProcess): Promise<Times> {
  const answered = new AbortController();
  const options = { signal: answered.signal };
  const message = once(worker, "message", options).then(([answer]): WorkerAnswer => answer);
  const exit = once(worker, "exit", options).then((): WorkerAnswer => ({ failure: "the library's process ended" }));
  // The one that did not come gives up its listener.
  exit.catch(() => undefined);
  message.catch(() => undefined);
  const answer = await Promise.race([message, exit]);
  answered.abort();
  if ("failure" in answer) throw new Error(answer.failure);
  return answer.times;
}

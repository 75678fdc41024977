import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { inHost, openHost, UPLINK_ADDRESS, whyNoHost } from "../host.ts";
import { compileFloor, type Lab } from "../lab.ts";
import { FIRST_PORT } from "../worker-protocol.ts";

const PRESENT = [1, 1000, 60_000];
const FLOOR = nameOf(1);
const DURATION = { quick: 300, full: 1000 };
/** Time for the server to listen. */
const SETTLE = 200;

export const connections: Benchmark = {
  id: "connections",
  title: "New connections through published ports",
  about:
    "A client on another machine opens TCP connections one after the other, each to a random one of the published ports. More is better.",
  unit: "connections/s",
  measures: ["rate"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 10 }, full: { turns: 9, seconds: 45 } },
  enter: async (lab) => {
    const program = compileFloor(lab, "connect");
    const entrants: Entrant[] = [];
    for (const present of PRESENT) entrants.push(await enterTsd(lab, present, program));
    return entrants;
  },
};

async function enterTsd(lab: Lab, present: number, program: string | undefined): Promise<Entrant> {
  const name = nameOf(present);
  const reason = program === undefined ? "no C compiler (cc) is installed" : whyNoHost(lab);
  if (program === undefined || reason !== undefined) return { name, reason: reason ?? "" };
  try {
    const host = await openHost(lab, present);
    const [file, ...args] = inHost(host.crowd, [program, "server", "80"]);
    const server = spawn(file, args, { stdio: "ignore" });
    await sleep(SETTLE);
    const client = ["client", UPLINK_ADDRESS, String(FIRST_PORT), String(present), String(DURATION[lab.mode])];
    return {
      name,
      sample: () => ({ rate: Number(read(inHost(host.client, [program, ...client]))) }),
      close: async () => {
        const ended = once(server, "exit");
        server.kill();
        await ended;
        await host.close();
      },
    };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

function nameOf(present: number): string {
  return `tsd, ${present.toLocaleString("en-US")} published`;
}

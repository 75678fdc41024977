import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Contender, Entrant } from "../benchmark.ts";
import { isInstalled, read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { makeHandMadeHost } from "../hand-made-host.ts";
import { inHost, openHost, UPLINK_ADDRESS, whyNoHost } from "../host.ts";
import { compileFloor, type Lab } from "../lab.ts";
import { type ForeignRules, foreignRules } from "../peers/foreign-rules.ts";
import { FIRST_PORT } from "../worker-protocol.ts";

const PRESENT = { quick: [1, 60_000], full: [1, 1000, 60_000] } as const;
const FLOOR = nameOf("tsd", 1);
const DURATION = { quick: 200, full: 500 };
/** Time for the server to listen. */
const SETTLE = 200;

export const connections: Benchmark = {
  id: "connections",
  title: "New connections through published ports",
  about:
    "A client on another machine opens TCP connections one after the other, each to a random one of the published ports, so that a connection takes the inverse of the rate. The rules of others are those that docker 20.10, netavark 1.4 and CNI portmap 1.1 write, loaded by this machine's iptables on a host with a bridge of its own. More is better.",
  unit: "connections/s",
  measures: ["rate"],
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 8 }, full: { turns: 7, seconds: 45 } },
  enter: async (lab) => {
    const program = compileFloor(lab, "connect");
    if (program === undefined) return [{ name: FLOOR, reason: "no C compiler (cc) is installed" }];
    const entrants: Entrant[] = [];
    for (const present of PRESENT[lab.mode]) {
      entrants.push(await entered(nameOf("tsd", present), () => enterTsd(lab, present, program)));
      for (const rules of foreignRules)
        entrants.push(await entered(nameOf(rules.name, present), () => enterForeign(lab, rules, { present, program })));
    }
    return entrants;
  },
};

type Unnamed = Omit<Contender, "name"> | { readonly reason: string };

async function entered(name: string, enter: () => Promise<Unnamed>): Promise<Entrant> {
  try {
    return { name, ...(await enter()) };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

async function enterTsd(lab: Lab, present: number, program: string): Promise<Unnamed> {
  const reason = whyNoHost(lab);
  if (reason !== undefined) return { reason };
  const host = await openHost(lab, present);
  return dial(lab, { program, present, client: host.client, server: host.crowd, close: host.close });
}

async function enterForeign(
  lab: Lab,
  { rules }: ForeignRules,
  { present, program }: { readonly present: number; readonly program: string },
): Promise<Unnamed> {
  if (!isInstalled("iptables-restore")) return { reason: "iptables is not installed" };
  const { client, guests, run, close } = makeHandMadeHost(1);
  try {
    run(["iptables-restore"], rules(present));
  } catch (error) {
    close();
    throw error;
  }
  return dial(lab, { program, present, client, server: guests[0] ?? "", close });
}

interface Line {
  readonly program: string;
  readonly present: number;
  readonly client: string;
  readonly server: string;
  readonly close: () => Promise<void> | void;
}

async function dial(lab: Lab, { program, present, client, server, close }: Line): Promise<Omit<Contender, "name">> {
  const [file, ...args] = inHost(server, [program, "server", "80"]);
  const listener = spawn(file, args, { stdio: "ignore" });
  await sleep(SETTLE);
  const words = ["client", UPLINK_ADDRESS, String(FIRST_PORT), String(present), String(DURATION[lab.mode])];
  return {
    sample: () => ({ rate: Number(read(inHost(client, [program, ...words]))) }),
    close: async () => {
      const ended = once(listener, "exit");
      listener.kill();
      await ended;
      await close();
    },
  };
}

function nameOf(whose: string, present: number): string {
  return `${whose}, ${present.toLocaleString("en-US")} published`;
}

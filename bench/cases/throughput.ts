import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Contender, Entrant } from "../benchmark.ts";
import { read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { BRIDGE, guestAddress, makeHandMadeHost, SUBNET } from "../hand-made-host.ts";
import { inHost, openHost, UPLINK_ADDRESS, whyNoHost } from "../host.ts";
import { compileFloor, type Lab } from "../lab.ts";
import { FIRST_PORT, NETWORK } from "../worker-protocol.ts";

const FLOOR = "by hand";
const MEASURES = ["container to container", "by a published port", "masqueraded"] as const;
const DURATION = { quick: 200, full: 500 };
const PORT = 80;
const CLIENT_ADDRESS = "192.0.2.2";
/** Time for servers to listen. */
const SETTLE = 200;

export const throughput: Benchmark = {
  id: "throughput",
  title: "Throughput",
  about:
    "One TCP stream: between two containers of a network, from another machine by a published port, and out to it behind the host's address. By hand these are a bridge, cables, one rule that translates and one that masquerades. More is better.",
  unit: "MB/s",
  measures: MEASURES,
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 6 }, full: { turns: 9, seconds: 30 } },
  enter: async (lab) => {
    const program = compileFloor(lab, "stream");
    if (program === undefined) return [{ name: FLOOR, reason: "no C compiler (cc) is installed" }];
    return [await streams(lab, program, byHand()), await enterTsd(lab, program)];
  },
};

/** Two containers, and a client on another machine. */
interface Ends {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly client: string;
  readonly close: () => Promise<void> | void;
}

function byHand(): Ends {
  const { client, guests, run, close } = makeHandMadeHost(2);
  const [to = "", from = ""] = guests;
  run(
    ["nft", "-f", "-"],
    `table ip hand {
      chain pre { type nat hook prerouting priority dstnat; fib daddr type local tcp dport ${FIRST_PORT} dnat to ${guestAddress(0)}:${PORT}; }
      chain post { type nat hook postrouting priority srcnat; ip saddr ${SUBNET} oifname != "${BRIDGE}" masquerade; }
    }`,
  );
  return { name: FLOOR, from, to, address: guestAddress(0), client, close };
}

async function enterTsd(lab: Lab, program: string): Promise<Entrant> {
  const reason = whyNoHost(lab);
  if (reason !== undefined) return { name: "tsd", reason };
  try {
    const { netns, client, crowd, env, close } = await openHost(lab, 1);
    const from = `${netns}-from`;
    const tsd = inHost(netns, [join(lab.project, "bin/tsd"), "network"]);
    read(["ip", "netns", "add", from]);
    read([...tsd, "connect", NETWORK, `netns:${from}`], { env });
    const address = read(["ip", "-n", crowd, "-4", "-o", "address", "show", "dev", "eth0"]).match(/inet ([\d.]+)/)?.[1];
    const leave = async (): Promise<void> => {
      read([...tsd, "disconnect", NETWORK, `netns:${from}`], { env });
      await close();
      read(["ip", "netns", "del", from]);
    };
    return await streams(lab, program, { name: "tsd", from, to: crowd, address: address ?? "", client, close: leave });
  } catch (error) {
    return { name: "tsd", reason: complaintOf(error) };
  }
}

async function streams(lab: Lab, program: string, ends: Ends): Promise<Contender> {
  const { name, from, to, address, client, close } = ends;
  const servers = [to, client].map((netns) => serve(netns, program));
  await sleep(SETTLE);
  const pour = (netns: string, target: string, port: number): number =>
    Number(read(inHost(netns, [program, "client", target, String(port), String(DURATION[lab.mode])])));
  return {
    name,
    sample: () => ({
      "container to container": pour(from, address, PORT),
      "by a published port": pour(client, UPLINK_ADDRESS, FIRST_PORT),
      masqueraded: pour(from, CLIENT_ADDRESS, PORT),
    }),
    close: async () => {
      for (const server of servers) {
        const ended = once(server, "exit");
        server.kill();
        await ended;
      }
      await close();
    },
  };
}

function serve(netns: string, program: string): ChildProcess {
  const [file, ...args] = inHost(netns, [program, "server", String(PORT)]);
  return spawn(file, args, { stdio: "ignore" });
}

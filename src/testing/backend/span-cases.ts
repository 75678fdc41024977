import type { NatBackend } from "../../api/index.js";
import type { Case } from "../chapter.js";
import { expectSame } from "../expectations.js";
import { runProgram } from "../lab/host-programs.js";
import { ip, leakLoopback } from "../lab/topology.js";
import { type SpanLab, type SpanName, underlay } from "./span-lab.js";
import { bridgedIntents, memberIntents } from "./span-matrix.js";

/** The lab, and the backend that keeps its networks. */
export interface SpanStage {
  readonly agents: SpanLab["agents"];
  readonly backend: NatBackend;
}

/** Milliseconds to wait for a reply that must come. */
const ANSWERED = 5_000;

type Shout = () => Promise<void>;

/** The addresses that `server` hears of those who shout, in alphabetic order. */
async function heard({ agents }: SpanStage, server: SpanName, shouts: readonly Shout[]): Promise<readonly string[]> {
  const before = (await agents[server].callers()).length;
  await Promise.all(shouts.map((shout) => shout()));
  return [...(await agents[server].callers()).slice(before)].sort();
}

/** A frame of a VXLAN segment that holds nothing, in hexadecimal digits (RFC 7348 §5). */
function frameOf(vni: number): string {
  return `08000000${vni.toString(16).padStart(6, "0")}00`;
}

/** What of the host itself is there for other hosts. */
export function pingsByTrunk(stage: () => SpanStage): Case {
  return {
    name: "members alone get replies from the host's end of the tunnel",
    run: async () => {
      const { agents } = stage();
      const { w2, s2 } = agents;
      for (const base of ["10.70.0.0", "fd00:70::1:0"]) expectSame(`w2 pings ${base}`, await w2.ping(base), true);
      expectSame("s2 pings 10.70.0.0", await s2.ping("10.70.0.0"), false);
    },
  };
}

/** Who sends frames of a segment. */
export function framesOfMembers(stage: () => SpanStage): Case {
  return {
    name: "frames of a segment come from members, and never from a container",
    run: async () => {
      const { agents, backend } = stage();
      const { host, member, outside, p1, w1 } = agents;
      const [own, other] = [frameOf(4_900), frameOf(4_901)];
      const intents = memberIntents(4_900, 4790, underlay.member);
      await backend.ensure(intents);
      for (const family of [0, 1] as const) {
        const [here, there, stranger] = [underlay.host[family], underlay.member[family], underlay.outside[family]];
        const shouts = [
          () => member.shout(there, here, 4790, own),
          () => outside.shout(stranger, here, 4790, own),
          () => outside.shout(stranger, here, 4790, other),
        ];
        expectSame(`whom the host hears at ${here}`, await heard(stage(), "host", shouts), [there, stranger].sort());
      }
      ip("-n w1 addr replace 192.0.2.9/32 dev lo");
      const forged = [
        () => w1.shout("192.0.2.9", "192.0.2.1", 4790, own),
        () => w1.shout("10.70.0.2", "192.0.2.1", 4790, own),
      ];
      expectSame("whom the host hears", await heard(stage(), "host", forged), []);
      const sent = [own, other].map((text) => () => p1.shout("10.74.0.2", "192.0.2.9", 4790, text));
      expectSame("whom the member hears", await heard(stage(), "member", sent), ["192.0.2.1"]);
      await backend.remove(intents.slice(1));
      const late = [
        () => member.shout("192.0.2.9", "192.0.2.1", 4790, own),
        () => host.shout("192.0.2.1", "192.0.2.1", 4790, other),
      ];
      expectSame("whom the host hears without members", await heard(stage(), "host", late), ["192.0.2.1"]);
      await backend.remove(intents);
    },
  };
}

/** Which way such frames go. */
export function framesByLink(stage: () => SpanStage): Case {
  return {
    name: "frames of an encrypted segment come and go by its link alone, which leads to nothing else of the host",
    run: async () => {
      const { agents, backend } = stage();
      const { host, member, outside } = agents;
      const own = frameOf(4_902);
      const reached = async (patience?: number) =>
        Promise.all(
          (["tcp", "udp"] as const).flatMap((protocol) =>
            ["198.51.100.1", "2001:db8:1::1"].map((address) => outside.call(protocol, address, 7000, patience)),
          ),
        );
      const open = await reached(ANSWERED);
      expectSame(
        "what the host replies to others",
        new Set(open),
        new Set([" saw 198.51.100.2", " saw 2001:db8:1::2"]),
      );
      const intents = memberIntents(4_902, 4790, [underlay.member[0], underlay.outside[0]]).map((intent) =>
        intent.kind === "segment" ? { ...intent, link: "up1" } : intent,
      );
      await backend.ensure(intents);
      const shouts = [
        () => member.shout("192.0.2.9", "192.0.2.1", 4790, own),
        () => outside.shout("198.51.100.2", "192.0.2.1", 4790, own),
      ];
      expectSame("whom the host hears", await heard(stage(), "host", shouts), ["198.51.100.2"]);
      const sent = [own, frameOf(4_903)].map((text) => () => host.shout("192.0.2.1", "192.0.2.9", 4790, text));
      expectSame("whom the member hears", (await heard(stage(), "member", sent)).length, 1);
      expectSame("what it replies behind the link", new Set(await reached()), new Set(["no answer"]));
      expectSame("outside pings 198.51.100.1", await outside.ping("198.51.100.1"), true);
      await backend.remove(intents);
    },
  };
}

/** What another host cannot say. */
export function spoofedSources(stage: () => SpanStage): Case {
  return {
    name: "another host speaks for its own containers alone, and reaches nothing of 127.0.0.0/8",
    run: async () => {
      const { agents } = stage();
      const { w2 } = agents;
      const sources = ["10.70.0.3", "10.70.0.1", "10.71.0.66", "192.0.2.9", "203.0.113.9", "10.70.0.67"];
      leakLoopback("w2", "10.70.0.0 dev eth0 onlink");
      for (const address of sources) ip(`-n w2 addr add ${address}/32 dev lo`);
      const shouts = [...sources, "127.0.0.7"].map((from) => () => w2.shout(from, "10.70.0.2", 80));
      expectSame("whom w1 hears", await heard(stage(), "w1", shouts), ["10.70.0.67"]);
      expectSame("what w2 hears of 127.0.0.9", await w2.call("udp", "127.0.0.9", 7000), "no answer");
    },
  };
}

/** The tunnel of `l` is a port of its bridge. What a hostile host sends by it to the bridge, the host would take for a container's. */
export function throughBridge(stage: () => SpanStage): Case {
  return {
    name: "a tunnel that is a port of the bridge leads to containers there, and for pings and replies to the host",
    run: async () => {
      const { agents, backend } = stage();
      const { host, l1, l2 } = agents;
      const intents = bridgedIntents();
      await backend.ensure(intents);
      const reached = { "10.75.0.2 80": "10.75.0.66", "fd00:75::1:2 80": "fd00:75::2:2" };
      const kept = ["10.75.0.0 7000", "10.75.0.1 7000", "192.0.2.1 7000", "fd00:75::1:0 7000", "2001:db8::1 7000"];
      const beyond = ["10.75.0.0 8090", "192.0.2.1 8080", "198.51.100.2 7", "2001:db8:1::2 7", "10.73.0.2 80"];
      const calls = [...Object.keys(reached), ...kept, ...beyond].flatMap((target) =>
        (["tcp", "udp"] as const).map(async (protocol) => {
          const [address = "", port] = target.split(" ");
          const patience = target in reached ? ANSWERED : undefined;
          return [`${protocol} ${target}`, await l2.call(protocol, address, Number(port), patience)] as const;
        }),
      );
      const replies = (await Promise.all(calls)).filter(([, reply]) => reply !== "no answer");
      const expected = Object.entries(reached).flatMap(([target, seen]) =>
        ["tcp", "udp"].map((protocol) => [`${protocol} ${target}`, ` saw ${seen}`]),
      );
      expectSame("what l2 gets replies from", replies, expected);
      expectSame("what the host hears of l2", await host.call("tcp", "10.75.0.66", 80), " saw 10.75.0.0");
      expectSame("what the host hears of l2", await host.call("tcp", "fd00:75::2:2", 80), " saw fd00:75::1:0");
      expectSame("what l1 hears of l2", await l1.call("tcp", "10.75.0.66", 80), " saw 10.75.0.2");
      expectSame("what l1 hears of the host", await l1.call("tcp", "192.0.2.1", 7000), " saw 10.75.0.2");
      for (const own of ["10.75.0.0", "fd00:75::1:0"]) expectSame(`l2 pings ${own}`, await l2.ping(own), true);
      for (const other of ["10.75.0.1", "fd00:75::1"]) expectSame(`l2 pings ${other}`, await l2.ping(other), false);
      const sources = ["10.75.0.3", "10.75.0.1", "10.75.0.67", "10.70.0.2", "192.0.2.9"];
      for (const address of sources) ip(`-n l2 addr add ${address}/32 dev lo`);
      const shouts = [...sources, "10.75.0.66"].map((from) => () => l2.shout(from, "10.75.0.2", 80));
      expectSame("whom l1 hears", await heard(stage(), "l1", shouts), ["10.75.0.66"]);
      await backend.remove(intents);
    },
  };
}

/** Programs that publish ports at every address of the host translate calls at -100, as docker does, or before, as firewalld. */
export function translatedByOthers(stage: () => SpanStage): Case {
  return {
    name: "a bridge that has a tunnel for a port is called at the host's address there by no port of another program",
    run: async () => {
      const { agents, backend } = stage();
      const { l1, l2 } = agents;
      const intents = bridgedIntents();
      await backend.ensure(intents);
      await runProgram(["nft", "-f", "-"], translations);
      const calls = async (caller: typeof l1, addresses: readonly string[], patience?: number) =>
        Promise.all(
          addresses.flatMap((address) =>
            [8091, 8092].flatMap((port) =>
              (["tcp", "udp"] as const).map((protocol) => caller.call(protocol, address, port, patience)),
            ),
          ),
        );
      const others = await calls(l1, ["192.0.2.1", "2001:db8::1"], ANSWERED);
      expectSame(
        "what l1 hears at the host's other addresses",
        new Set(others),
        new Set([" saw 198.51.100.1", " saw 2001:db8:1::1"]),
      );
      for (const caller of [l1, l2]) {
        const own = await calls(caller, ["10.75.0.0", "fd00:75::1:0"]);
        expectSame("what a container hears at the host's address on its bridge", new Set(own), new Set(["no answer"]));
      }
      await runProgram(["nft", "delete table inet other"]);
      await backend.remove(intents);
    },
  };
}

/** Loaded later than those of the backend, and so before its own of the same priority. */
const translations = [
  "add table inet other",
  ...[-110, -100].flatMap((priority, index) => [
    `add chain inet other at${index} { type nat hook prerouting priority ${priority}; }`,
    ...["ip to 198.51.100.2:7", "ip6 to [2001:db8:1::2]:7"].map(
      (target) =>
        `add rule inet other at${index} fib daddr type local meta l4proto { tcp, udp } th dport ${8091 + index} dnat ${target}`,
    ),
  ]),
  "",
].join("\n");

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { VethLink } from "../../../src/api/link-resource.js";
import type { Netns } from "../../../src/api/resource.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { deliveries, routerMessages } from "../../support/lab/deliveries.js";
import { arp, ethernet, fragment, ipv4, ipv6 } from "../../support/lab/frames.js";
import { enterWorld, ip, leaveWorld } from "./world.js";

const sender = fileURLToPath(new URL("../../support/lab/frames-process.mjs", import.meta.url));
const namespaces = new NetnsProvider();
const provider = new RtnetlinkProvider();
const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });

const netnsOf = (number: number): Netns => ({ kind: "netns", path: `/run/netns/c${number}` });
const macOf = (number: number) => `02:42:0a:0a:0a:0${number}`;
const port = (number: number): VethLink => ({
  ...{ kind: "link", type: "veth", name: `v${number}`, master: "br0", hairpin: true },
  peer: { netns: netnsOf(number).path, name: "eth0", mac: macOf(number) },
});
const bridge = { kind: "link", type: "bridge", name: "br0", mac: "02:42:0a:0a:0a:01" } as const;
const gateway = { kind: "address", link: "br0", address: "10.10.10.1/24" } as const;

beforeAll(async () => {
  enterWorld();
  // As a machine that accepts router advertisements, on which only the frames of a test are to be heard.
  shell("sysctl -qw net.ipv6.conf.default.accept_ra=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0");
  await namespaces.ensure([2, 3].map(netnsOf));
  for (const number of [2, 3])
    shell(`nsenter --net=${netnsOf(number).path} sysctl -qw net.ipv6.conf.default.disable_ipv6=1`);
  await provider.ensure([bridge, gateway, port(2), port(3)]);
});
afterAll(async () => {
  await namespaces.remove([2, 3].map(netnsOf));
  await provider.remove([port(2), port(3), bridge]);
  provider[Symbol.dispose]();
  leaveWorld();
});

/** What would make the host hear, answer, or take a route, to one address of the link layer. */
function tempting(destination: string): readonly string[] {
  const from = (type: string, payload: string) => ethernet(macOf(2), destination, type, payload);
  const routes = `860000004008232800000000000000000304400000002328000023280000000020010db80bad00000000000000000000`;
  return [
    from("0800", ipv4("203.0.113.9", "10.10.10.1", 1)),
    from("810000000800", ipv4("203.0.113.9", "10.10.10.1", 2)),
    from("0806", arp(1, [macOf(2), "10.10.10.2"], "10.10.10.1")),
    from("0806", arp(1, [macOf(2), "0.0.0.0"], "10.10.10.1")),
    from("86dd", ipv6("fe80::bad", "ff02::1", { body: routes })),
    from("86dd", ipv6("fe80::bad", "ff02::1", { body: "8000000000010001" })),
  ];
}

const groups = Array.from({ length: 16 }, (_, last) => `01:80:c2:00:00:0${last.toString(16)}`);

function send(frames: readonly string[]): void {
  execFileSync("nsenter", [`--net=${netnsOf(2).path}`, process.execPath, sender, "send", "eth0", ...frames]);
}

/** What the host has taken in by the port's own link of all those frames. */
function taken(destinations: readonly string[]): Record<string, unknown> {
  const before = deliveries("v2");
  send(destinations.flatMap(tempting));
  const after = deliveries("v2");
  return {
    ipv4: after.ipv4 - before.ipv4,
    ipv6: after.ipv6 - before.ipv6,
    neighbours: ip("neigh show dev v2").length,
    routes: ip("-6 route show dev v2").length,
  };
}

const nothing = { ipv4: 0, ipv6: 0, neighbours: 0, routes: 0 };
/** Undoes it all, as another hand could. */
const open = `tc qdisc delete dev v2 clsact; ip link set v2 arp on
  sysctl -qw net.ipv4.conf.v2.rp_filter=0 net.ipv6.conf.v2.disable_ipv6=0 net.ipv6.conf.v2.accept_ra=1`;

test("the host hears nothing by a port of what is sent to link-local groups, and another hand can only open that in sight", async () => {
  expect(taken(groups)).toEqual(nothing);
  shell(open);
  expect(Object.values(taken(groups)).every((count) => Number(count) > 0)).toBe(true);
  expect(await provider.inspect([port(2)])).toEqual([
    {
      resource: port(2),
      problem: "different",
      found:
        "has ARP on, has accept_ra=1, has disable_ipv6=0, has rp_filter=0, lacks the filter that keeps frames from the host",
    },
  ]);
  await provider.ensure([port(2)]);
  expect(await provider.inspect([port(2)])).toEqual([]);
  shell("ip neigh flush dev v2");
  expect(taken(groups)).toEqual(nothing);
});

test("nor by a port that was taken out of its bridge", async () => {
  shell("ip link set v2 nomaster");
  expect(taken(["ff:ff:ff:ff:ff:ff", ...groups])).toEqual(nothing);
  shell(open);
  expect(Object.values(taken(["ff:ff:ff:ff:ff:ff"])).every((count) => Number(count) > 0)).toBe(true);
  await provider.ensure([port(2)]);
  shell("ip neigh flush dev v2");
});

test("nothing comes in by a port from or to 127.0.0.0/8, under any number of tags", async () => {
  shell("sysctl -qw net.ipv4.conf.br0.route_localnet=1");
  const calls = ["0800", "810000000800", "81000000810000000800", "8100000081000000810000000800"].flatMap((type) => [
    ethernet(macOf(2), "ff:ff:ff:ff:ff:ff", type, ipv4("10.10.10.2", "127.0.0.1", 1)),
    ethernet(macOf(2), "ff:ff:ff:ff:ff:ff", type, ipv4("10.10.10.2", "127.255.0.9", 2)),
    ethernet(macOf(2), "ff:ff:ff:ff:ff:ff", type, ipv4("127.0.0.1", "10.10.10.1", 3)),
  ]);
  // What a socket of IPv6 that takes IPv4 too has as its sender in the end.
  const mapped = ["86dd", "8100000086dd", "810000008100000086dd"].flatMap((type) =>
    ["::ffff:7f00:1", "::ffff:a0a:a01"].map((source) =>
      ethernet(macOf(2), "33:33:00:00:00:01", type, ipv6(source, "ff02::1", { body: "8000000000010001" })),
    ),
  );
  const heard = (): readonly number[] => {
    const before = deliveries("br0");
    send([...calls, ...mapped]);
    const after = deliveries("br0");
    return [after.ipv4 - before.ipv4, after.ipv6 - before.ipv6];
  };
  expect(heard()).toEqual([0, 0]);
  shell("tc qdisc delete dev v2 clsact");
  // Those from 127.0.0.1 the kernel drops by itself, since it has the address.
  expect(heard()).toEqual([8, 6]);
  shell("sysctl -qw net.ipv4.conf.br0.route_localnet=0");
  await provider.ensure([port(2)]);
});

test("the host hears no router behind a port without any, however it is wrapped", async () => {
  const padded = (next: number) => `${next.toString(16)}00010400000000`;
  const advertisement =
    "860000004008232800000000000000000304400000002328000023280000000020010db80bad00000000000000000000";
  const redirect = `8900000000000000${"fe800000000000000000000000000bad".repeat(2)}`;
  const from = (type: string, wrapped = {}, body = advertisement) =>
    ethernet(macOf(2), "33:33:00:00:00:01", type, ipv6("fe80::bad", "ff02::1", { body, ...wrapped }));
  const said = [
    from("86dd"),
    from("86dd", {}, redirect),
    ...["8100000086dd", "810000008100000086dd", "81000000810000008100000086dd"].map((type) => from(type)),
    from("86dd", { extension: padded(58) }),
    from("86dd", { first: 0, extension: padded(58) }),
    from("86dd", { extension: padded(60) + padded(58) }),
    from("86dd", { first: 44, extension: fragment(58, 0, { isLast: true }) }),
    from("86dd", { first: 44, extension: fragment(60, 0, { isLast: true }) + padded(58) }),
  ];
  const heard = (): number => {
    const before = routerMessages("br0");
    send(said);
    return routerMessages("br0") - before;
  };
  // Linux hears those in fragments as well, unless they are of neighbour discovery (RFC 6980).
  expect(heard()).toBeGreaterThanOrEqual(7);
  const port2 = { ...port(2), routerless: true };
  expect(await provider.inspect([port2])).toHaveLength(1);
  await provider.ensure([port2]);
  expect(heard()).toBe(0);
  expect(taken(groups)).toEqual(nothing);
  await provider.ensure([port(2)]);
});

interface Entry {
  readonly mac: string;
  readonly ifname: string;
  readonly flags: readonly string[];
}

function fdb(): readonly Entry[] {
  return JSON.parse(execFileSync("bridge", ["-j", "fdb", "show", "br", "br0"], { encoding: "utf8" }));
}

const spoken = (number: number, mark: number) =>
  ethernet(
    `02:66:00:00:${[number >> 8, number & 255].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`,
    "ff:ff:ff:ff:ff:ff",
    "0800",
    ipv4("10.10.10.2", "10.10.10.9", mark),
  );

test("a container that makes up addresses fills its bridge's table to a limit, and takes none from its neighbours", async () => {
  const made = Array.from({ length: 5000 }, (_, number) => spoken(number, number));
  for (let at = 0; at < made.length; at += 1000) send(made.slice(at, at + 1000));
  send([ethernet(macOf(3), "ff:ff:ff:ff:ff:ff", "0800", ipv4("10.10.10.3", "10.10.10.9", 7))]);
  const entries = fdb();
  expect(entries.filter(({ mac }) => mac.startsWith("02:66:")).length).toBe(4096);
  expect(entries.filter(({ mac }) => mac === macOf(3))).toMatchObject([{ ifname: "v3", flags: ["sticky"] }]);
  shell(`bridge fdb del ${macOf(3)} dev v3 master`);
  send([ethernet(macOf(3), "ff:ff:ff:ff:ff:ff", "0800", ipv4("10.10.10.3", "10.10.10.9", 8))]);
  expect((await provider.inspect([port(3)]))[0]?.found).toBe(`does not keep ${macOf(3)}`);
  await provider.ensure([port(3)]);
  expect(await provider.inspect([bridge, port(2), port(3)])).toEqual([]);
});

import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BridgeLink, VethLink } from "../../../src/api/link-resource.js";
import type { Address, Netns, Route } from "../../../src/api/resource.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { linkSweeper } from "../../../src/kernel/orphans/orphan-links.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld, linkNames } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
const mark = "tsd /run/root";
const provider = new RtnetlinkProvider(mark);
const namespaces = new NetnsProvider();

const netns: Netns = { kind: "netns", path: "/run/netns/c1" };
const other: Netns = { kind: "netns", path: "/run/netns/c2" };
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0", mac: "02:42:0a:0a:0a:01" };
const port: VethLink = {
  ...{ kind: "link", type: "veth", name: "port0", mac: "fe:00:00:00:00:01", master: "br0" },
  peer: { netns: netns.path, name: "eth0", mac: "02:00:00:00:00:01" },
};
/** As a driver describes it that draws no address, or one of an earlier version did. */
const { mac: _drawn, ...plainPort } = port;
const { mac: _drawnToo, ...plainBridge } = bridge;

beforeAll(() => enterWorld());
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});
beforeEach(() => namespaces.ensure([netns, other]));
afterEach(async () => {
  await namespaces.remove([netns, other]);
  for (const name of linkNames().filter((link) => link !== "lo")) shell(`ip link delete ${name} || true`);
});

/** Both before and after its namespace went, as in a rollback. */
async function removeTwice(link: VethLink): Promise<void> {
  await provider.remove([link]);
  await namespaces.remove([netns]);
  await provider.remove([link]);
}

describe("a link that bears the name and is another's stays", () => {
  const otherPort = `port0 address fe:00:00:00:00:02 type veth peer name eth0 address 02:00:00:00:00:02 netns c2`;
  const cases: readonly (readonly [what: string, link: VethLink | BridgeLink, made: string])[] = [
    ["the host's uplink", port, "ip link add port0 type veth peer name eth0 netns c2"],
    ["another container's port", port, `ip link add ${otherPort}; ip link set port0 alias "${mark}"`],
    ["… whose mark somebody took away", port, `ip link add ${otherPort}`],
    ["… of an earlier version", plainPort, `ip link add ${otherPort}; ip link set port0 alias "${mark}"`],
    [
      "a link into the same namespace",
      plainPort,
      "ip link add port0 type veth peer name eth0 address 02:00:00:00:00:09 netns c1",
    ],
    ["a bridge of the drawn address", port, `ip link add port0 address ${port.mac} type bridge`],
    ["another network's bridge", bridge, `ip link add br0 type bridge; ip link set br0 alias "${mark}"`],
    ["the host's bridge", plainBridge, "ip link add br0 type bridge"],
    [
      "a link with the name as its second",
      port,
      "ip link add x0 type veth peer name x1; ip link property add dev x0 altname port0",
    ],
  ];

  test.each(cases)("%s", async (_, link, made) => {
    if (link.type === "veth") await provider.ensure([bridge]);
    shell(made);
    const before = linkNames();
    await expect(provider.ensure([link])).rejects.toMatchObject({ code: "TSD_LINK_CONFLICT" });
    if (link.type === "veth") await removeTwice(link);
    else await provider.remove([link]);
    // A link into the namespace went with it.
    if (!made.includes("netns c1")) expect(linkNames()).toEqual(before);
  });
});

describe("ours goes, whatever became of it", () => {
  const cases: readonly (readonly [
    what: string,
    link: VethLink | BridgeLink,
    before: VethLink | BridgeLink,
    became: string,
  ])[] = [
    ["renamed at the other end", port, port, "ip -n c1 link set eth0 down name lan7"],
    ["with another hardware address there", port, port, "ip -n c1 link set eth0 address 02:00:00:00:00:77"],
    ["led into another namespace", port, port, "ip -n c1 link set eth0 netns c2"],
    ["without its mark", port, port, 'ip link set port0 alias ""'],
    ["off its bridge, and down", port, port, "ip link set port0 nomaster down"],
    ["of an earlier version", plainPort, plainPort, "true"],
    ["of one that died before it marked it", plainPort, plainPort, 'ip link set port0 alias ""'],
    ["of an earlier version, described by this one", port, plainPort, "true"],
    ["a bridge", bridge, bridge, 'ip link set br0 alias ""'],
    ["a bridge without a drawn address", plainBridge, plainBridge, "ip link set br0 address 02:00:00:00:00:88"],
  ];

  test.each(cases)("%s", async (_, link, made, became) => {
    await provider.ensure(made.type === "veth" ? [bridge, made] : [made]);
    shell(became);
    await provider.remove([link]);
    expect(linkNames()).not.toContain(link.name);
  });

  test("a port of an earlier version is taken over, and gets the address that is drawn now", async () => {
    await provider.ensure([bridge, plainPort]);
    const [{ ifindex }] = ip("link show port0") as [{ ifindex: number }];
    await provider.ensure([port]);
    expect(ip("link show port0")).toMatchObject([{ ifindex, address: port.mac }]);
    expect(await provider.inspect([port])).toEqual([]);
  });
});

test("a bridge that has no address of its own keeps it when our ports come", async () => {
  shell(
    "ip link add br0 type bridge; ip link add d0 address 02:ff:00:00:00:01 type veth peer name d1; ip link set d0 master br0",
  );
  await provider.ensure([port]);
  expect(ip("link show br0")).toMatchObject([{ address: "02:ff:00:00:00:01" }]);
});

describe("addresses and routes that were there before", () => {
  const inside = { netns: netns.path, link: "lan0" } as const;
  const list: readonly (Address | Route)[] = [
    { kind: "address", ...inside, address: "10.5.0.2/24" },
    { kind: "address", ...inside, address: "fd00:5::2/64" },
    { kind: "route", ...inside, destination: "0.0.0.0/0", gateway: "10.5.0.1", metric: 100 },
    { kind: "route", ...inside, destination: "10.6.0.0/16", gateway: "10.5.0.1" },
    { kind: "route", ...inside, destination: "::/0", gateway: "fd00:5::1", metric: 100 },
  ];
  const state = () =>
    ["-4 address show", "-6 address show", "-4 route show", "-6 route show"].map((words) => ip(words, netns.path));
  const theirs = [
    "ip -n c1 address add 10.5.0.2/24 dev lan0; ip -n c1 address add fd00:5::2/64 dev lan0 nodad",
    "ip -n c1 route add default via 10.5.0.1 metric 100; ip -n c1 route add 10.6.0.0/16 via 10.5.0.1",
    "ip -n c1 -6 route add default via fd00:5::1 metric 100",
  ].join("; ");

  beforeEach(() => {
    shell("ip -n c1 link add lan0 type bridge; ip -n c1 link set lan0 addrgenmode none; ip -n c1 link set lan0 up");
  });

  test("stay, and those that tsd made go", async () => {
    shell(theirs);
    const before = state();
    await provider.ensure(list);
    await provider.remove(list.toReversed());
    expect(state()).toEqual(before);
    shell(
      "ip -n c1 route flush proto boot; ip -n c1 -6 route flush proto boot; ip -n c1 address flush dev lan0 scope global",
    );
    const bare = state();
    await provider.ensure(list);
    expect(await provider.inspect(list)).toEqual([]);
    await provider.remove(list.toReversed());
    expect(state()).toEqual(bare);
  });
});

test("a port that somebody renamed is still its row's, and no orphan", async () => {
  await provider.ensure([bridge, port]);
  shell("ip link set port0 down name seven");
  expect(await linkSweeper(mark).orphans(() => [bridge, port])).toEqual([]);
  expect(await linkSweeper(mark).orphans(() => [bridge])).toMatchObject([{ what: "seven" }]);
});

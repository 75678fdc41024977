import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MovedLink } from "../../../src/hosts/docker/endpoint-record.js";
import { findMoved, moveBack, moveIn, setUp } from "../../../src/hosts/docker/moved-link.js";
import { offeredLink } from "../../../src/hosts/docker/offered-link.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { markOf } from "../../../src/kernel/rtnetlink/links/link-mark.js";
import { enterWorld, ip, leaveWorld, linkNames } from "../kernel/world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
const called = { plugin: "p", verb: "NetworkDriver.Join" };
const claims = { networkWith: (link: string) => (link === "parent0" ? "lan" : undefined) };
const offered = (name: string, ...addresses: string[]) => offeredLink(called, name, { addresses, claims });
const netns = { kind: "netns", path: "/run/netns/c1" } as const;
const within = (command: string) => shell(`nsenter --net=${netns.path} ${command}`);

beforeAll(async () => {
  enterWorld();
  await new NetnsProvider().ensure([netns]);
  shell(`ip link add br0 up type bridge
    ip link add port0 type veth peer name far0; ip link set port0 master br0 up
    ip link add uplink0 up type veth peer name wan0; ip address add 192.0.2.1/24 dev uplink0
    ip link add behind0 up type veth peer name far1; ip link set far1 up; ip route add 10.9.0.0/16 dev behind0
    ip link add below0 up type veth peer name far3; ip link add on0 link below0 type macvlan
    ip link add own0 type veth peer name far4; ip link set own0 alias '${markOf("/var/lib/tsd")}'
    ip link add parent0 up type veth peer name far6; ip link add tunnel0 type ifb
    ip netns add elsewhere; ip link add led0 type veth peer name far5 netns elsewhere
    ip link add free0 up mtu 1400 type veth peer name far2; ip address add 10.50.0.2/24 dev free0`);
});
afterAll(async () => {
  await new NetnsProvider().remove([netns]);
  shell("ip netns delete elsewhere");
  leaveWorld();
});

describe("an interface that a plug-in offers", () => {
  test.each([
    ["lo", "it is the host's loopback"],
    ["br0", "it is a bridge"],
    ["port0", "it is a port of br0"],
    ["uplink0", "it has the host's address 192.0.2.1/24"],
    ["behind0", "it leads to 10.9.0.0/16"],
    ["below0", "it carries on0"],
    ["own0", "it is tsd's own"],
    ["parent0", 'it is of network "lan"'],
    ["led0", "it leads to another namespace than the host's"],
    ["tunnel0", "it is a link of kind ifb, which has no end on the host to be known by"],
    ["none0", "the host has none of that name"],
  ])("is not %s", (name, said) => {
    expect(() => offered(name, "10.50.0.2/24")).toThrow(said);
  });

  test("may have the endpoint's address already", () => {
    expect(offered("free0", "10.50.0.2/24")).toMatchObject({ name: "free0", kind: "veth" });
    expect(() => offered("free0", "10.50.0.3/24")).toThrow("it has the host's address 10.50.0.2/24");
  });
});

test("a plug-in's link comes back as it was, whatever the container did to it or put in its place", () => {
  const { index, kind, peer, mac = "", mtu = 0 } = offered("free0", "10.50.0.2/24");
  const before = { up: true, mac, mtu };
  const link: MovedLink = { source: "free0", name: "eth0", before, ...(kind && { kind }), ...(peer && { peer }) };
  const move = (): void => {
    moveIn(netns.path, index, link);
    const moved = findMoved(netns.path, link);
    if (moved === undefined) throw new Error("it is not there");
    setUp(netns.path, moved, { name: "eth0", mac: "02:00:00:00:00:07" });
  };
  move();
  expect(ip("link show eth0", netns.path)).toMatchObject([
    { address: "02:00:00:00:00:07", flags: expect.arrayContaining(["UP"]) },
  ]);
  expect(linkNames()).not.toContain("free0");
  within("ip link set eth0 down");
  within("ip link set eth0 name other0");
  within("ip link set other0 mtu 1300");
  // It leads to a link of the same number as the other end on the host, in a namespace of the container's own.
  shell(`ip -n elsewhere link add eth1 index ${peer} type veth peer name eth0 netns c1`);
  moveBack(netns.path, link);
  expect(linkNames()).toContain("free0");
  expect(ip("link show free0")).toMatchObject([
    { ifindex: index, address: mac, mtu: 1400, flags: expect.arrayContaining(["UP"]) },
  ]);
  expect(linkNames(netns.path)).toEqual(["lo", "eth0"]);
  within("ip link delete eth0");
  move();
  shell("ip link add free0 type bridge");
  moveBack(netns.path, link);
  expect(linkNames()).toContainEqual(expect.stringMatching(/^free0-[0-9a-f]{4}$/));
  moveBack(netns.path, link);
  expect(linkNames(netns.path)).toEqual(["lo"]);
});

import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LinkKind, Netns } from "../../../src/api/index.js";
import { ipvlan } from "../../../src/extensions/ipvlan/ipvlan-link.js";
import { type MacvlanLink, macvlan } from "../../../src/extensions/macvlan/macvlan-link.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { passingName } from "../../../src/kernel/rtnetlink/links/passing-name.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, ip, leaveWorld, linkNames } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
const mark = "tsd /run/root";
const brought: readonly LinkKind[] = [macvlan, ipvlan];
const provider = new RtnetlinkProvider(mark, (type) => brought.find((kind) => kind.type === type));
const namespaces = new NetnsProvider();
const netns: Netns = { kind: "netns", path: "/run/netns/c1" };

/** Called as a link of the host. */
const inside: MacvlanLink = {
  ...{ kind: "link", type: "macvlan", netns: netns.path, name: "eth0" },
  ...{ mac: "02:00:00:00:00:05", parent: "up0", mode: "bridge" },
};
const { mac: _drawn, ...plain } = inside;
const within = (command: string) => shell(`nsenter --net=${netns.path} ${command}`);
const passing = passingName(inside, mark);

beforeAll(() => {
  enterWorld();
  for (const [near, far] of [
    ["up0", "far0"],
    ["eth0", "far1"],
  ]) {
    shell(`ip link add ${near} type veth peer name ${far}; ip link set ${near} up; ip link set ${far} up`);
  }
});
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});
beforeEach(() => namespaces.ensure([netns]));
afterEach(async () => {
  // The kernel takes a namespace apart in its own time, and its links keep their addresses that long.
  for (const name of linkNames(netns.path)) if (name !== "lo") within(`ip link delete ${name} || true`);
  await namespaces.remove([netns]);
});

const drift = async (link: MacvlanLink) =>
  (await provider.inspect([link])).map(({ problem, found }) => found ?? problem);
const found = () => ip("-d link show eth0", netns.path)[0];

test("a link in a container's namespace stands on one of the host's, whatever else has its name there", async () => {
  expect(await drift(inside)).toEqual(["missing"]);
  await provider.ensure([inside]);
  expect(found()).toMatchObject({
    ...{ ifname: "eth0", address: inside.mac, ifalias: mark, operstate: "UP" },
    linkinfo: { info_kind: "macvlan", info_data: { mode: "bridge" } },
  });
  expect(linkNames(netns.path)).toEqual(["lo", "eth0"]);
  expect(await drift(inside)).toEqual([]);
  const { ifindex } = found() ?? {};
  await provider.ensure([inside]);
  expect(found()).toMatchObject({ ifindex });
  await provider.remove([inside]);
  expect(linkNames(netns.path)).toEqual(["lo"]);
  expect(linkNames()).toEqual(expect.arrayContaining(["up0", "eth0"]));
});

describe("what differs is told, and made again", () => {
  test.each<readonly [what: string, command: string, said: string]>([
    ["down", "ip link set eth0 down", "is down"],
    ["of another mode", "ip link set eth0 type macvlan mode private", "has other settings than mode bridge"],
    ["narrower", "ip link set eth0 mtu 1300", "has MTU 1300"],
    ["of another address", "ip link set eth0 address 02:00:00:00:00:99", "has the hardware address 02:00:00:00:00:99"],
  ])("%s", async (_, command, said) => {
    const wanted = { ...inside, mtu: 1400 };
    await provider.ensure([wanted]);
    within(command);
    expect(await drift(wanted)).toEqual([said]);
    await provider.ensure([wanted]);
    expect(await drift(wanted)).toEqual([]);
  });

  test("on another parent", async () => {
    await provider.ensure([{ ...inside, parent: "eth0" }]);
    expect(await drift(inside)).toEqual(["does not stand on up0"]);
    await provider.ensure([inside]);
    expect(await drift(inside)).toEqual([]);
  });

  test("left under its passing name by one that died", async () => {
    shell(`ip link add link up0 name ${passing} netns ${netns.path} type macvlan mode vepa`);
    await provider.ensure([inside]);
    expect(linkNames(netns.path)).toEqual(["lo", "eth0"]);
    await provider.remove([inside]);
    shell(`ip link add link up0 name ${passing} netns ${netns.path} type macvlan mode vepa`);
    await provider.remove([inside]);
    expect(linkNames(netns.path)).toEqual(["lo"]);
  });
});

test("without an address of its own it is known by its mark", async () => {
  const passthru: MacvlanLink = { ...plain, mode: "passthru" };
  const parent = () => ip("link show up0")[0]?.address;
  const before = parent();
  await provider.ensure([passthru]);
  await provider.ensure([passthru]);
  expect(found()).toMatchObject({ address: before, ifalias: mark });
  await expect(provider.ensure([{ ...inside, name: "eth1" }])).rejects.toMatchObject({
    ...{ kind: "conflict", code: "TSD_PARENT_TAKEN" },
    message: expect.stringMatching(/^up0 takes no link of type macvlan: a link of another namespace stands on it/),
  });
  await provider.remove([passthru]);
  expect(linkNames(netns.path)).toEqual(["lo"]);
  expect(parent()).toBe(before);
});

test.each<readonly [what: string, link: MacvlanLink, command: string]>([
  ["a veth", inside, "ip link add eth0 type veth peer name eth1"],
  ["a macvlan without the mark", plain, "true"],
])("%s of that name is another's and stays", async (_, link, command) => {
  within(command);
  if (command === "true") shell(`ip link add link up0 name eth0 netns ${netns.path} type macvlan mode bridge`);
  await expect(provider.ensure([link])).rejects.toMatchObject({ kind: "conflict", code: "TSD_LINK_CONFLICT" });
  await provider.remove([link]);
  expect(linkNames(netns.path)).toContain("eth0");
});

describe("what the kernel refuses is said in words", () => {
  test("no parent", async () => {
    await expect(provider.ensure([{ ...inside, parent: "up9" }])).rejects.toMatchObject({
      ...{ kind: "not-found", message: "there is no link up9, on which eth0 of type macvlan is to stand" },
    });
  });

  test("a parent that is a port", async () => {
    shell("ip link add br0 type bridge; ip link set up0 master br0");
    await expect(provider.ensure([inside])).rejects.toMatchObject({
      ...{ kind: "conflict", message: "up0 takes no link of type macvlan: it is a port of br0" },
    });
    shell("ip link delete br0");
  });

  test("an address that is in use on the parent", async () => {
    shell(`ip link add link up0 name mv0 address ${inside.mac} up type macvlan mode bridge`);
    await expect(provider.ensure([inside])).rejects.toMatchObject({
      message: "up0 takes no link of type macvlan: another link on it has the hardware address 02:00:00:00:00:05",
    });
    shell("ip link delete mv0");
  });

  test("a type that the kernel has not", async () => {
    const link = { ...plain, type: "ipvlan", mode: "l2", flag: "bridge" } as const;
    const hasIpvlan = execFileSync("sh", [
      "-c",
      "ip link add link up0 name iv0 type ipvlan 2>&1; ip link delete iv0 2>&1 || true",
    ]);
    if (!hasIpvlan.toString().includes("Unknown device type")) return;
    await expect(provider.ensure([link])).rejects.toMatchObject({
      ...{ kind: "unsupported", message: "this kernel has no links of type ipvlan, as eth0 would be" },
      hint: "Load the module (modprobe ipvlan), or use a kernel with CONFIG_IPVLAN.",
    });
    await provider.remove([link]);
    expect(linkNames(netns.path)).toEqual(["lo"]);
  });
});

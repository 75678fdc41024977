import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../../../src/api/boundary-operation.js";
import type { Announcement, Resource } from "../../../src/api/resource.js";
import { AnnouncementProvider } from "../../../src/kernel/announcement/announcement-provider.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { countDescriptors, enterWorld, ip, leaveWorld } from "./world.js";

const links = new RtnetlinkProvider();
const provider = new AnnouncementProvider();
const bridge = { kind: "link", type: "bridge", name: "br0", mac: "02:00:00:00:00:01" } as const;
const [near, far] = ["/run/netns/near", "/run/netns/far"];
const [mac, wrong] = ["02:00:00:00:00:09", "02:00:00:00:00:77"];
const addresses = ["10.10.10.9", "fd00:10::9"];

/** A namespace on the bridge, with an address of each family. */
const member = (name: string, netns: string, last: string) =>
  [
    {
      ...{ kind: "link", type: "veth", name, master: "br0" },
      peer: { netns, name: "eth0", ...(last === "9" ? { mac } : {}) },
    },
    { kind: "address", netns, link: "eth0", address: `10.10.10.${last}/24` },
    { kind: "address", netns, link: "eth0", address: `fd00:10::${last}/64` },
  ] as const satisfies readonly Resource[];

const announcement = (more: Partial<Announcement> = {}): Announcement => ({
  ...{ kind: "announcement", netns: far, link: "eth0", mac, addresses, port: "veth-far" },
  ...{ times: 1, interval: 100, ...more },
});

/** What is remembered of the addresses, here or in a namespace. */
const known = (dev: string, netns?: string): readonly unknown[] =>
  addresses.map((address) => ip(`neigh show ${address} dev ${dev}`, netns)[0]?.lladdr);

const remember = (dev: string, netns?: string, state = "reachable"): void => {
  for (const address of addresses) ip(`neigh replace ${address} dev ${dev} lladdr ${wrong} nud ${state}`, netns);
};

beforeAll(() => {
  enterWorld();
  for (const netns of [near, far]) createNetns(netns);
});
afterAll(() => {
  for (const netns of [near, far]) dropNetns(netns);
  links[Symbol.dispose]();
  leaveWorld();
});
beforeEach(async () => {
  await links.ensure([
    bridge,
    { kind: "address", link: "br0", address: "10.10.10.1/24" },
    { kind: "address", link: "br0", address: "fd00:10::1/64" },
    ...member("veth-near", near, "2"),
  ]);
});
afterEach(() => links.remove([bridge, member("veth-near", near, "2")[0], member("veth-far", far, "9")[0]]));

/** Frames are delivered on another CPU perhaps. */
async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 100 && !condition(); look++) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("an endpoint that is announced", () => {
  test("is reached at once by who remembered another MAC address, of both families", async () => {
    for (const [dev, netns] of [["eth0", near] as const, ["br0", undefined] as const]) remember(dev, netns);
    await links.ensure(member("veth-far", far, "9"));
    await provider.ensure([announcement()]);
    await until(() => known("eth0", near).every((found) => found === mac));
    expect(known("eth0", near)).toEqual([mac, mac]);
    for (const found of known("br0")) expect(found).not.toBe(wrong);
    expect(await provider.inspect()).toEqual([]);
  });

  test("makes the host forget, but for what was entered by hand, where neighbours are not told", async () => {
    remember("eth0", near);
    remember("br0");
    ip(`neigh replace ${addresses[0]} dev br0 lladdr ${wrong} nud permanent`);
    await links.ensure(member("veth-far", far, "9"));
    await provider.ensure([announcement({ times: 0 })]);
    expect(known("br0")).toEqual([wrong, undefined]);
    expect(known("eth0", near)).toEqual([wrong, wrong]);
    ip(`neigh delete ${addresses[0]} dev br0`);
  });

  test("says so as often as it shall", async () => {
    await links.ensure(member("veth-far", far, "9"));
    const sent: unknown[] = [];
    const listen = (message: unknown): void => {
      const { phase, into, what } = message as BoundaryOperation;
      if (phase === "after" && ["link", "netlink"].includes(into) && what.startsWith("announce ")) sent.push(what);
    };
    subscribe(BOUNDARY_OPERATIONS, listen);
    await provider.ensure([announcement({ times: 3, interval: 1 })]);
    unsubscribe(BOUNDARY_OPERATIONS, listen);
    const once = addresses.map((address) => `announce ${address} by eth0`);
    expect(sent).toEqual([...once, ...once, ...once]);
  });

  test("is no error where nobody is to hear, and leaves no descriptor", async () => {
    await links.ensure(member("veth-far", far, "9"));
    ip("link set br0 down");
    const before = countDescriptors();
    await provider.ensure([announcement(), announcement({ link: "nothing" })]);
    ip("link set eth0 down", far);
    await provider.ensure([announcement()]);
    await links.remove([member("veth-far", far, "9")[0]]);
    await provider.ensure([announcement()]);
    await provider.remove();
    expect(countDescriptors()).toBe(before);
  });
});

test("it is described in the words of arping and ndsend", async () => {
  expect(await provider.describe("ensure", [announcement({ times: 2 }), announcement({ times: 0 })])).toEqual([
    "nsenter --net=/run/netns/far arping -U -c 2 -I eth0 10.10.10.9",
    "nsenter --net=/run/netns/far ndsend fd00:10::9 eth0",
  ]);
  expect(await provider.describe("remove", [announcement()])).toEqual([]);
});

import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { BridgeLink, VethLink } from "../../../src/api/link-resource.js";
import type { Netns } from "../../../src/api/resource.js";
import { NetnsProvider } from "../../../src/kernel/netns/netns-provider.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, leaveWorld, linkNames } from "./world.js";

const shell = (command: string) => String(execFileSync("sh", ["-ec", command]));
const provider = new RtnetlinkProvider("tsd /run/root");
const namespaces = new NetnsProvider();
const netns: Netns = { kind: "netns", path: "/run/netns/c1" };
const bridge: BridgeLink = { kind: "link", type: "bridge", name: "br0", mac: "02:42:0a:0a:0a:01" };
const port: VethLink = {
  ...{ kind: "link", type: "veth", name: "port0", mac: "fe:00:00:00:00:01", master: "br0", mtu: 1400 },
  peer: { name: "peer0", mac: "02:00:00:00:00:01", handedOver: true },
};

beforeAll(() => enterWorld());
afterAll(() => {
  provider[Symbol.dispose]();
  leaveWorld();
});

test("a link that another program takes away is down at first, stays with it, and goes with its port", async () => {
  await namespaces.ensure([netns]);
  await provider.ensure([bridge, port]);
  expect(shell("ip -br link show peer0")).toContain("DOWN");
  expect(await provider.inspect([port])).toEqual([]);
  shell("ip link set peer0 netns c1 name eth7; ip -n c1 link set eth7 up");
  expect(await provider.inspect([port])).toEqual([]);
  shell("ip link set port0 nomaster");
  expect(await provider.inspect([port])).toMatchObject([{ problem: "different" }]);
  await provider.ensure([port]);
  expect(await provider.inspect([port])).toEqual([]);
  expect(shell("ip -n c1 -br link show eth7")).toContain("02:00:00:00:00:01");
  await provider.remove([port, bridge]);
  expect(linkNames()).not.toContain("port0");
  expect(shell("ip -n c1 -br link")).not.toContain("eth7");
  await namespaces.remove([netns]);
});

import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { VethLink } from "../../../src/api/link-resource.js";
import type { Localnet } from "../../../src/api/resource.js";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { NetlinkSocket } from "../../../src/kernel/netlink/netlink-socket.js";
import { LocalnetProvider } from "../../../src/kernel/rtnetlink/localnet-provider.js";
import { RTM_NEWQDISC, RTM_NEWTFILTER } from "../../../src/kernel/rtnetlink/messages/protocol.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { enterWorld, leaveWorld } from "./world.js";

const { exchange } = NetlinkSocket.prototype;
const localnet: Localnet = { kind: "localnet", link: "br0" };
const port: VethLink = { kind: "link", type: "veth", name: "v0", master: "br0", peer: { name: "e0" } };
const parameter = () => hostNetwork.parameter("net/ipv4/conf/br0/route_localnet");

/** Refuses what a kernel without CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF refuses, as that does. */
beforeAll(() => {
  enterWorld();
  NetlinkSocket.prototype.exchange = function (batch, told) {
    const bytes = batch.encode();
    const types = batch.offsets.map((offset) => bytes.readUInt16LE(offset + 4));
    for (const [index, type] of types.entries())
      if (type === RTM_NEWQDISC || type === RTM_NEWTFILTER) bytes.writeUInt16LE(0, (batch.offsets[index] ?? 0) + 4);
    const { replies, failures } = exchange.call(this, batch, told);
    const refused = types.flatMap((type, index) => {
      if (type === RTM_NEWQDISC) return [{ index, errno: constants.errno.ENOENT }];
      return type === RTM_NEWTFILTER ? [{ index, errno: constants.errno.EINVAL }] : [];
    });
    return { replies, failures: [...failures, ...refused].toSorted((a, b) => a.index - b.index) };
  };
});
afterAll(() => {
  NetlinkSocket.prototype.exchange = exchange;
  leaveWorld();
});

test("without filters on links, ports are made all the same, and the way from 127.0.0.0/8 stays closed", async () => {
  execFileSync("ip", ["link", "add", "br0", "up", "type", "bridge"]);
  using links = new RtnetlinkProvider();
  const provider = new LocalnetProvider();
  await links.ensure([port]);
  expect(await links.inspect([port])).toEqual([]);
  await provider.ensure([localnet]);
  expect(parameter()).toBe("0");
  expect(await provider.inspect([localnet])).toEqual([]);
  execFileSync("sysctl", ["-qw", "net.ipv4.conf.br0.route_localnet=1"]);
  expect((await provider.inspect([localnet]))[0]?.found).toBe("has route_localnet=1 without the filter that guards it");
  await provider.ensure([localnet]);
  expect(parameter()).toBe("0");
  expect(hostNetwork.missingFeatures().map(({ module }) => module)).toContain("cls_bpf");
});

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Localnet } from "../../../src/api/resource.js";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { LocalnetProvider } from "../../../src/kernel/rtnetlink/localnet-provider.js";
import { deliveries } from "../../support/lab/deliveries.js";
import { ethernet, ipv4, ipv6 } from "../../support/lab/frames.js";
import { enterWorld, leaveWorld } from "./world.js";

const sender = fileURLToPath(new URL("../../support/lab/frames-process.mjs", import.meta.url));
const provider = new LocalnetProvider();
const shell = (command: string) => execFileSync("sh", ["-ec", command], { encoding: "utf8" });
const localnet: Localnet = { kind: "localnet", link: "br0", foreignPorts: true };
const parameter = () => hostNetwork.parameter("net/ipv4/conf/br0/route_localnet");

const MAC = "02:42:0a:0a:0a:02";
const frame = (type: string, payload: string) => ethernet(MAC, "ff:ff:ff:ff:ff:ff", type, payload);
/** Not 127.0.0.1 alone, and with as many tags as the kernel takes off by itself. */
const calls = ["0800", "810000000800", "81000000810000000800", "8100000081000000810000000800", "88a80000810000000800"]
  .flatMap((type) => [
    frame(type, ipv4("10.10.10.2", "127.0.0.1", 1)),
    frame(type, ipv4("10.10.10.2", "127.255.0.9", 2)),
    frame(type, ipv4("127.0.0.1", "10.10.10.1", 3)),
  ])
  .concat(frame("86dd", ipv6("fd00::2", "::1", { body: "8000000000010001" })));

beforeAll(() => enterWorld());
afterAll(() => leaveWorld());
beforeEach(() => {
  shell(`ip link delete br0 2>/dev/null || true; ip link delete v0 2>/dev/null || true
    ip link add br0 up type bridge; ip address add 10.10.10.1/24 dev br0
    ip link add v0 up master br0 type veth peer name e0; sysctl -qw net.ipv6.conf.e0.disable_ipv6=1; ip link set e0 up`);
});

/** How many of those calls the host has heard. */
function heard(): number {
  const before = deliveries("lo");
  execFileSync(process.execPath, [sender, "send", "e0", ...calls]);
  const after = deliveries("lo");
  return after.ipv4 - before.ipv4 + after.ipv6 - before.ipv6;
}

test("the parameter is set behind a filter that holds without any packet filter, whatever the link is called", async () => {
  await provider.ensure([localnet]);
  expect(parameter()).toBe("1");
  expect(await provider.inspect([localnet])).toEqual([]);
  expect(heard()).toBe(0);
  shell("nft flush ruleset; ip link set br0 name other");
  expect(heard()).toBe(0);
  shell("ip link set other name br0");
  await provider.ensure([localnet]);
  expect(heard()).toBe(0);
});

test("what another hand takes away is seen, and put back", async () => {
  await provider.ensure([localnet]);
  shell("tc qdisc delete dev br0 clsact");
  // Those from 127.0.0.1 the kernel drops by itself, since it has the address.
  expect(heard()).toBe(10);
  const found = "has route_localnet=1 without the filter that guards it";
  expect(await provider.inspect([localnet])).toEqual([{ resource: localnet, problem: "different", found }]);
  await provider.ensure([localnet]);
  expect(heard()).toBe(0);
  shell("sysctl -qw net.ipv4.conf.br0.route_localnet=0");
  expect((await provider.inspect([localnet]))[0]?.found).toBe("has route_localnet=0");
  shell("tc filter delete dev br0 ingress");
  expect(await provider.inspect([localnet])).toEqual([{ resource: localnet, problem: "missing" }]);
  shell("ip link delete br0");
  expect(await provider.inspect([localnet])).toEqual([{ resource: localnet, problem: "missing" }]);
  await expect(provider.ensure([localnet])).rejects.toMatchObject({ message: "there is no link br0" });
  await provider.remove([{ ...localnet, restore: "0" }]);
});

test("does the same as the commands it describes", async () => {
  const adopted = { ...localnet, restore: "0" };
  for (const command of await provider.describe("ensure", [adopted])) shell(command);
  expect(await provider.inspect([adopted])).toEqual([]);
  for (const command of await provider.describe("remove", [adopted])) shell(command);
  expect(await provider.inspect([adopted])).toEqual([{ resource: adopted, problem: "missing" }]);
});

const accept = "protocol all bpf da bytecode '1,6 0 0 0'";

test.each([
  ["no queueing discipline", "true", undefined],
  ["filters of their own", `tc qdisc add dev br0 clsact; tc filter add dev br0 egress pref 5 ${accept}`, "clsact"],
  ["a queueing discipline alone", "tc qdisc add dev br0 clsact", "clsact"],
  ["its older kind", `tc qdisc add dev br0 ingress; tc filter add dev br0 ingress pref 9 ${accept}`, "ingress"],
])("of a bridge with %s only tsd's own goes", async (_, before, kind) => {
  shell(before);
  const filters = () => shell("tc filter show dev br0 ingress; tc filter show dev br0 egress 2>/dev/null || true");
  const theirs = filters();
  const keepsQdisc = hostNetwork.filtersIngress("br0");
  expect(keepsQdisc).toBe(kind !== undefined);
  const adopted = { ...localnet, restore: "0", ...(keepsQdisc ? { keepsQdisc } : {}) };
  await provider.ensure([adopted]);
  expect(heard()).toBe(0);
  await provider.remove([adopted]);
  await provider.remove([adopted]);
  expect(parameter()).toBe("0");
  expect(filters()).toBe(theirs);
  expect(hostNetwork.filtersIngress("br0")).toBe(keepsQdisc);
});

test("filters that others add to the queueing discipline of tsd keep it", async () => {
  const adopted = { ...localnet, restore: "0" };
  await provider.ensure([adopted]);
  shell(`tc filter add dev br0 egress pref 5 ${accept}`);
  await provider.remove([adopted]);
  expect(shell("tc filter show dev br0 egress")).toContain("pref 5");
});

test("a filter of another kind in its place is a conflict, and the parameter stays unset", async () => {
  shell("tc qdisc add dev br0 clsact; tc filter add dev br0 ingress pref 1 protocol ip bpf da bytecode '1,6 0 0 0'");
  await expect(provider.ensure([localnet])).rejects.toMatchObject({ kind: "conflict", code: "TSD_FILTER_TAKEN" });
  expect(parameter()).toBe("0");
});

test.each(["clsact", "ingress"])(
  "a block of filters that the bridge shares by %s is left alone, and nothing waits for it",
  async (kind) => {
    shell(`tc qdisc add dev br0 ingress_block 7 ${kind}; tc filter add block 7 pref 1 ${accept}`);
    const adopted = { ...localnet, restore: "0", keepsQdisc: true };
    await expect(provider.ensure([adopted])).rejects.toThrow("cannot add filter to br0");
    expect(parameter()).toBe("0");
    await provider.remove([adopted]);
    expect(shell("tc filter show block 7")).toContain("pref 1 bpf");
  },
);

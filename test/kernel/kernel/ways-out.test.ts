import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { enterWorld, leaveWorld } from "./world.js";

const shell = (command: string) => execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"] });

beforeAll(() => {
  enterWorld();
  shell(`
    ip link add up0 up type veth peer name wan0; ip link set wan0 up
    ip address add 192.0.2.2/24 dev up0; ip address add 2001:db8::2/64 dev up0 nodad
    ip route add default via 192.0.2.1; ip route add default via 2001:db8::1
  `);
});
afterAll(() => leaveWorld());

describe("a VPN beside the default route", () => {
  const names = () => hostNetwork.uplinks().map(({ name }) => name);
  beforeAll(() => {
    shell("ip link add vpn up type veth peer name far; ip link set far up; ip link set vpn mtu 1380");
  });
  afterAll(() => {
    shell("ip link delete vpn");
  });

  test.each([
    ["halves", ["0.0.0.0/1", "128.0.0.0/1"]],
    ["quarters", ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"]],
    ["all but private ranges", ["0.0.0.0/5", "8.0.0.0/7", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2"]],
    ["halves of IPv6", ["::/1", "8000::/1"]],
    ["global unicast", ["2000::/3"]],
  ])("that takes %s is an uplink, claims no subnet, and narrows the way out", (_, routes) => {
    const is6 = routes[0]?.includes(":") ?? false;
    const claimed = hostNetwork.routes();
    expect(names()).not.toContain("vpn");
    shell("ip route del default");
    for (const route of routes) shell(`ip route add ${route} dev vpn`);
    expect(names()).toContain("vpn");
    expect(hostNetwork.routes()).toEqual(claimed);
    expect(hostNetwork.egressMtu()).toBe(1380);
    shell("ip route add default via 192.0.2.1");
    expect(hostNetwork.egressMtu()).toBe(is6 ? 1500 : 1380);
    for (const route of routes) shell(`ip route del ${route} dev vpn`);
    expect(hostNetwork.egressMtu()).toBe(1500);
  });

  test("that has a table of its own, and a rule that leads there", () => {
    shell("ip route add default dev vpn table 51820; ip rule add not fwmark 0xca6c table 51820");
    expect(names()).toContain("vpn");
    expect(hostNetwork.egressMtu()).toBe(1380);
    shell("ip rule del not fwmark 0xca6c table 51820; ip route flush table 51820");
    expect(names()).not.toContain("vpn");
  });

  test("corporate routes are routes", () => {
    shell("ip route add 10.64.0.0/10 dev vpn; ip route add fd00::/8 dev vpn");
    expect(hostNetwork.routes()).toEqual(
      expect.arrayContaining([
        { cidr: "10.64.0.0/10", link: "vpn" },
        { cidr: "fd00::/8", link: "vpn" },
      ]),
    );
    shell("ip route del 10.64.0.0/10; ip route del fd00::/8 dev vpn");
  });
});

test("links of tsd's own are no uplinks", () => {
  expect(hostNetwork.uplinks(new Set(["up0"])).map(({ name }) => name)).toEqual([]);
});

describe("a cable to a namespace", () => {
  const names = () => hostNetwork.uplinks().map(({ name }) => name);
  beforeAll(() => {
    shell(`
      ip link add cable up type veth peer name inner; ip link set inner up
      ip address add 10.91.0.1/32 dev cable; ip address add fd91::1/128 dev cable nodad
      ip route add 10.91.0.2/32 dev cable scope host; ip -6 route add fd91::2/128 dev cable
    `);
  });
  afterAll(() => {
    shell("ip link delete cable");
  });

  test("is no uplink while the host reaches single addresses by it, and is one with whatever is more", () => {
    expect(names()).toEqual(["up0"]);
    for (const more of [
      "route add 10.92.0.0/24 via 10.91.0.2 dev cable onlink",
      "route add 10.92.0.0/24 dev cable",
      "route add fd92::/64 dev cable",
      "route add default dev cable metric 5 table 91",
    ]) {
      const isDefault = more.includes("table");
      shell(`ip ${more.includes("fd92") ? "-6 " : ""}${more}; ${isDefault ? "ip rule add pref 9 table 91" : ":"}`);
      expect([more, names()]).toEqual([more, ["up0", "cable"]]);
      shell(
        `ip ${more.includes("fd92") ? "-6 " : ""}${more.replace("add", "del")}; ${isDefault ? "ip rule del pref 9" : ":"}`,
      );
      expect(names()).toEqual(["up0"]);
    }
    shell("ip link set cable down");
    expect(names()).toEqual(["up0", "cable"]);
    shell("ip link set cable up; ip route replace 10.91.0.2/32 dev cable scope host");
  });
});

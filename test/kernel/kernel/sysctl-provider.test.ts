import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Sysctl } from "../../../src/api/resource.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { countDescriptors, enterWorld, leaveWorld } from "./world.js";

const provider = new RtnetlinkProvider();
const netns = "/run/netns/sysctl";
const key = "net/ipv4/conf/lo/forwarding";
const here = () => readFileSync(`/proc/sys/${key}`, "utf8").trim();
const there = () => execFileSync("nsenter", [`--net=${netns}`, "cat", `/proc/sys/${key}`], { encoding: "utf8" }).trim();

beforeAll(() => {
  enterWorld();
  createNetns(netns);
  writeFileSync(`/proc/sys/${key}`, "0");
});
afterAll(() => {
  dropNetns(netns);
  leaveWorld();
});

const parameter = (more: Partial<Sysctl> = {}): Sysctl => ({ kind: "sysctl", key, value: "1", ...more });

describe("a parameter", () => {
  test("is set, found right, and restored", async () => {
    const resource = parameter({ restore: "0" });
    expect(await provider.inspect([resource])).toEqual([{ resource, problem: "different", found: "0" }]);
    await provider.ensure([resource]);
    await provider.ensure([resource]);
    expect(here()).toBe("1");
    expect(await provider.inspect([resource])).toEqual([]);
    await provider.remove([resource]);
    await provider.remove([resource]);
    expect(here()).toBe("0");
  });

  test("of another namespace is set there and not here", async () => {
    const before = countDescriptors();
    const resource = parameter({ netns, restore: "0" });
    await provider.ensure([resource]);
    expect([here(), there()]).toEqual(["0", "1"]);
    expect(await provider.inspect([resource, parameter()])).toEqual([
      { resource: parameter(), problem: "different", found: "0" },
    ]);
    await provider.remove([resource]);
    expect(there()).toBe("0");
    expect(countDescriptors()).toBe(before);
  });

  test("without a value to restore stays", async () => {
    await provider.ensure([parameter({ netns })]);
    await provider.remove([parameter({ netns })]);
    expect(there()).toBe("1");
  });

  test("that somebody changed since is left to them", async () => {
    const resource = parameter({ key: "net/ipv4/ip_default_ttl", value: "70", restore: "64" });
    await provider.ensure([resource]);
    writeFileSync("/proc/sys/net/ipv4/ip_default_ttl", "80");
    await provider.remove([resource]);
    expect(readFileSync("/proc/sys/net/ipv4/ip_default_ttl", "utf8")).toBe("80\n");
  });

  test("that somebody has asked for since by another that sets it too is left to them", async () => {
    const unless = { key: "net/ipv4/conf/all/forwarding", value: "1" };
    const resource = parameter({ restore: "0", unless });
    await provider.ensure([resource]);
    await provider.remove([resource]);
    expect(here()).toBe("0");
    await provider.ensure([resource]);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
    await provider.remove([resource]);
    expect(here()).toBe("1");
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "0");
  });

  test("with several numbers is compared as numbers, not as text", async () => {
    const resource = parameter({ key: "net/ipv4/ip_local_port_range", value: "20000 30000" });
    await provider.ensure([resource]);
    expect(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8")).toBe("20000\t30000\n");
    expect(await provider.inspect([resource])).toEqual([]);
  });
});

test("a parameter that cannot be written is as good as set if it has the value", async () => {
  const path = "/proc/sys/net/ipv4/ip_default_ttl";
  execFileSync("mount", ["--bind", path, path]);
  execFileSync("mount", ["-o", "remount,bind,ro", path]);
  try {
    const found = readFileSync(path, "utf8").trim();
    await provider.ensure([parameter({ key: "net/ipv4/ip_default_ttl", value: found })]);
    await expect(provider.ensure([parameter({ key: "net/ipv4/ip_default_ttl", value: "7" })])).rejects.toMatchObject({
      message: expect.stringContaining("net/ipv4/ip_default_ttl"),
    });
  } finally {
    execFileSync("umount", [path]);
  }
});

test("IPv6 is off for a link that is too narrow for it, and cannot be switched on", async () => {
  execFileSync("ip", "link add narrow mtu 1279 type veth peer name other".split(" "));
  const off = parameter({ key: "net/ipv6/conf/narrow/disable_ipv6", value: "1" });
  await provider.ensure([off]);
  expect(await provider.inspect([off])).toEqual([]);
  const on = { ...off, value: "0" };
  await expect(provider.ensure([on])).rejects.toMatchObject({ kind: "not-found" });
  expect(await provider.inspect([on])).toEqual([{ resource: on, problem: "missing" }]);
  execFileSync("ip", "link set narrow mtu 1280".split(" "));
  expect(await provider.inspect([off])).toEqual([{ resource: off, problem: "different", found: "0" }]);
  await provider.ensure([off]);
  expect(await provider.inspect([off])).toEqual([]);
});

describe("what is gone counts as removed", () => {
  test.each([
    ["with its link", parameter({ key: "net/ipv4/conf/none0/forwarding", restore: "0" })],
    ["with its namespace", parameter({ netns: "/run/netns/none", restore: "0" })],
  ])("%s", async (_, resource) => {
    await provider.remove([resource]);
    expect(await provider.inspect([resource])).toEqual([{ resource, problem: "missing" }]);
  });
});

test.each([
  ["an absent parameter", { key: "net/ipv4/none" }, "not-found", "the kernel has no parameter net/ipv4/none"],
  [
    "a way out of net/",
    { key: "net/../kernel/hostname" },
    "invalid-input",
    '"net/../kernel/hostname" is not a kernel parameter below net/',
  ],
  [
    "another tree",
    { key: "kernel/hostname" },
    "invalid-input",
    '"kernel/hostname" is not a kernel parameter below net/',
  ],
  ["nonsense", { value: "many" }, "invalid-input", `the kernel parameter ${key} does not take the value "many"`],
])("%s is refused", async (_, more, kind, message) => {
  await expect(provider.ensure([parameter(more)])).rejects.toMatchObject({ kind, message });
});

test("parameters are described in the words of sysctl(8)", async () => {
  expect(await provider.describe("ensure", [parameter(), parameter({ netns, value: "1 2" })])).toEqual([
    `sysctl -w ${key}=1`,
    `nsenter --net=${netns} sysctl -w ${key}="1 2"`,
  ]);
});

import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { arp, ethernet, ipv6, linkLayerOption, neighbour } from "../support/lab/frames.js";
import { addresses } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const frames = new URL("../support/lab/frames-process.mjs", import.meta.url).pathname;

const gateway = { ip4: "10.40.0.1", ip6: "fd00:40::1" };
const thief = { mac: "02:42:0a:28:00:02", ip4: "10.40.0.2", ip6: "fd00:40::2" };
const victim = { mac: "02:42:0a:28:00:03", ip4: "10.40.0.3", ip6: "fd00:40::3" };

beforeAll(async () => {
  await useOnce();
  await lab().settle();
});

describe.each([true, false])("with antispoof=%s", (antispoof) => {
  let from: Namespace;
  let to: Namespace;

  const inNetwork = (name: string, body: () => Promise<void>) =>
    test(name, async () => {
      const { host } = lab();
      await create("--opt", `antispoof=${antispoof}`);
      from = await start("thief", thief);
      to = await start("victim", victim, "--publish", "8080:80");
      try {
        await body();
      } finally {
        await host.mustTsd(["rm", "-f", "thief", "victim"]);
        await host.mustTsd(["network", "rm", "net"]);
      }
    });

  const reaches = async (address: string, ...source: readonly string[]): Promise<boolean> => {
    const { code } = await from.run(["ping", "-q", "-c", "1", "-W", "1", ...source, address]);
    return code === 0;
  };
  /** What comes after on the same path: once it was answered, so was all before it. */
  const settle = async () => expect(await reaches(victim.ip4)).toBe(true);
  const send = (...hex: readonly string[]) => from.mustRun([process.execPath, frames, "send", "eth0", ...hex]);

  inNetwork("honest traffic goes on", async () => {
    const { internet } = lab();
    for (const address of [victim.ip4, victim.ip6, gateway.ip4, gateway.ip6, addresses.server, addresses.server6])
      expect(await reaches(address)).toBe(true);
    const server = await serveEcho(to, { protocol: "tcp", address: "::", port: 80 });
    for (const address of [addresses.host, addresses.host6])
      expect(await askEcho(internet, { protocol: "tcp", address, port: 8080 })).toMatch(/./);
    expect(await askEcho(from, { protocol: "tcp", address: gateway.ip4, port: 8080 })).toMatch(/10\.40\.0\.1$/);
    await server.close();
    const local = await detected(to);
    await to.mustRun(["ping", "-6", "-q", "-c", "1", "-W", "2", "-I", `${local}%eth0`, "fe80::1%eth0"]);
  });

  inNetwork("an address that was not given is of no use", async () => {
    await from.ip("address add 10.40.0.99/24 dev eth0", "address add fd00:40::99/64 dev eth0 nodad");
    for (const target of [victim.ip4, gateway.ip4, addresses.server])
      expect(await reaches(target, "-I", "10.40.0.99")).toBe(!antispoof);
    for (const target of [victim.ip6, gateway.ip6, addresses.server6])
      expect(await reaches(target, "-I", "fd00:40::99")).toBe(!antispoof);
    expect(await reaches(victim.ip4, "-I", thief.ip4)).toBe(true);
  });

  inNetwork("nor is a MAC address", async () => {
    await from.ip("link set eth0 address 02:42:0a:28:00:99");
    expect(await reaches(victim.ip4)).toBe(!antispoof);
    expect(await reaches(gateway.ip4)).toBe(!antispoof);
    await from.ip(`link set eth0 address ${thief.mac}`);
    expect(await reaches(victim.ip4)).toBe(true);
  });

  inNetwork("a neighbour does not take another's word for where the gateway is", async () => {
    await to.mustRun(["sysctl", "-qw", "net.ipv4.neigh.eth0.locktime=0"]);
    for (const address of [gateway.ip4, gateway.ip6]) await to.mustRun(["ping", "-q", "-c", "1", "-W", "2", address]);
    const lie = neighbour(136, gateway.ip6, linkLayerOption(2, thief.mac), "20");
    await send(
      ethernet(thief.mac, victim.mac, "0806", arp(2, [thief.mac, gateway.ip4], victim.ip4)),
      ethernet(thief.mac, victim.mac, "86dd", ipv6(thief.ip6, victim.ip6, { body: lie })),
    );
    await settle();
    for (const address of [gateway.ip4, gateway.ip6]) {
      const entry = await to.mustRun(["ip", "neighbour", "show", address]);
      expect(entry.includes(thief.mac)).toBe(!antispoof);
    }
  });
});

test("the bridge does not learn from what it keeps to itself, where no filter sees it", async () => {
  const { host } = lab();
  await create("--opt", "antispoof=true", "--opt", "name=br-learn");
  const from = await start("thief", thief);
  const lldp = ethernet(victim.mac, "01:80:c2:00:00:0e", "88cc", "0".repeat(92));
  const isLearnt = async (): Promise<boolean> => {
    await from.mustRun([process.execPath, frames, "send", "eth0", lldp]);
    // Once this was answered, so was all before it.
    await from.mustRun(["ping", "-q", "-c", "1", "-W", "2", gateway.ip4]);
    return (await host.mustRun(["bridge", "fdb", "show", "br", "br-learn"])).includes(victim.mac);
  };
  expect(await isLearnt()).toBe(false);
  const [port] = /veth[0-9a-f]+/.exec(await host.mustRun(["ip", "-o", "link", "show", "master", "br-learn"])) ?? [];
  await host.mustRun(["tc", "qdisc", "delete", "dev", port ?? "", "clsact"]);
  expect(await isLearnt()).toBe(false);
  await host.ip("link set br-learn type bridge no_linklocal_learn 0");
  expect(await isLearnt()).toBe(true);
  await host.mustTsd(["rm", "-f", "thief"]);
  await host.mustTsd(["network", "rm", "net"]);
});

describe("where frames cannot be looked into", () => {
  test("backends that cannot are refused", async () => {
    const { host } = lab();
    await create("--opt", "antispoof=true");
    for (const backend of ["iptables", "none"]) {
      const { code, stderr } = await host.tsd(["nat", "use", backend]);
      expect(code).not.toBe(0);
      expect(stderr).toContain(`the NAT backend ${backend} cannot keep endpoints`);
    }
    await host.mustTsd(["check"]);
    await host.mustTsd(["network", "rm", "net"]);
  });

  test("so is the option", async () => {
    const { host } = lab();
    await host.mustTsd(["nat", "use", "none"]);
    const refused = await host.tsd(["network", "create", "--opt", "antispoof=true", "net"]);
    expect(refused.stderr).toContain("antispoof=true");
    expect(refused.code).not.toBe(0);
    await host.mustTsd(["nat", "use", "nftables"]);
    const adopted = await host.tsd([
      "network",
      "create",
      "-o",
      "antispoof=true",
      "-o",
      "adopt=true",
      "-o",
      "name=b",
      "net",
    ]);
    expect(adopted.stderr).toContain("antispoof=true needs a bridge of tsd's own");
    expect(await host.mustTsd(["network", "ls"])).not.toContain(" net ");
    await useOnce();
  });
});

/** Makes the tables, which stay. */
async function useOnce(): Promise<void> {
  const { host } = lab();
  await create("--opt", "antispoof=true");
  await host.mustTsd(["run", "--rm", "--net", "net", "busybox", "true"]);
  await host.mustTsd(["network", "rm", "net"]);
}

/** The link-local address, once the kernel has found that nobody else uses it. */
async function detected(namespace: Namespace): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const listed = await namespace.mustRun(["ip", "-o", "-6", "address", "show", "eth0", "scope", "link"]);
    expect(listed).not.toContain("dadfailed");
    const [, local] = /inet6 (\S+)\/64/.exec(listed) ?? [];
    if (local !== undefined && !listed.includes("tentative")) return local;
    await setTimeout(50);
  }
  throw new Error("the link-local address stays tentative");
}

async function create(...options: readonly string[]): Promise<void> {
  const subnets = ["--ipv6", "--subnet", "10.40.0.1/24", "--subnet", "fd00:40::/64"];
  await lab().host.mustTsd(["network", "create", ...subnets, ...options, "net"]);
}

async function start(name: string, who: typeof thief, ...flags: readonly string[]): Promise<Namespace> {
  const place = ["--net", "net", "--ip", who.ip4, "--ip6", who.ip6, "--mac-address", who.mac];
  await lab().host.mustTsd(["run", "-d", "--name", name, ...place, ...flags, "busybox", "sleep", "60"]);
  return namespaceOf(lab(), name);
}

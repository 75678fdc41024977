import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses, uplink } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

const reaches = async (from: Namespace, to: string): Promise<boolean> =>
  (await from.run(["ping", "-q", "-c", "1", "-W", "2", to])).code === 0;

/** The machine on the other end of the wire, as the router of a LAN on it. */
const router = "192.168.50.1";

async function withLan(use: () => Promise<void>): Promise<void> {
  const { internet } = lab();
  await internet.ip(`address add ${router}/24 dev wan0`);
  await use();
  await internet.ip(`address del ${router}/24 dev wan0`);
}

async function run(name: string, network: string, ...flags: readonly string[]): Promise<Namespace> {
  const { host } = lab();
  await host.mustTsd(["run", "-d", "--name", name, "--net", network, ...flags, "busybox", "sleep", "120"]);
  return namespaceOf(lab(), name);
}

const createLan = (...flags: readonly string[]) =>
  lab().host.tsd(["network", "create", "-o", `parent=${uplink}`, "--subnet", "192.168.50.0/24", ...flags, "lan"]);

test("containers of macvlan are machines of the LAN, are repaired, restarted, and leave nothing", async () => {
  const { host, internet } = lab();
  await withLan(async () => {
    // The host may be on the LAN itself.
    await host.ip(`address add 192.168.50.5/24 dev ${uplink}`);
    expect(await createLan("--driver", "macvlan")).toMatchObject({ code: 0 });
    const web = await run("web", "lan", "--ip", "192.168.50.9");
    const next = await run("next", "lan");
    for (const address of [router, addresses.server, "192.168.50.2"]) expect(await reaches(web, address)).toBe(true);
    expect(await reaches(internet, "192.168.50.9")).toBe(true);
    const server = await serveEcho(web, { protocol: "tcp", address: "0.0.0.0", port: 7 });
    const asked = { protocol: "tcp", address: "192.168.50.9", port: 7 } as const;
    expect(await askEcho(internet, asked)).toBe(router);
    expect(await askEcho(next, asked)).toBe("192.168.50.2");
    await server.close();
    // The kernel keeps a parent from its own children.
    expect(await reaches(host, "192.168.50.9")).toBe(false);
    expect(await host.mustTsd(["check"])).toBe("");

    await web.ip("link delete eth0");
    expect((await host.tsd(["check"])).stdout).toMatch(/link eth0 is missing/);
    await host.mustTsd(["reload"]);
    expect(await host.mustTsd(["check"])).toBe("");
    expect(await reaches(web, addresses.server)).toBe(true);
    // With the MAC address that it had, which nothing may have kept.
    for (const _ of [1, 2, 3]) await host.mustTsd(["restart", "-t", "0", "web"]);
    expect(await reaches(await namespaceOf(lab(), "web"), router)).toBe(true);
    await host.mustTsd(["rm", "-f", "web", "next"]);
    await host.mustTsd(["network", "rm", "lan"]);
    await host.ip(`address del 192.168.50.5/24 dev ${uplink}`);
  });
});

test("modes of macvlan: private neighbours do not meet, and passthru is for one alone", async () => {
  const { host } = lab();
  await withLan(async () => {
    await createLan("--driver", "macvlan", "-o", "macvlan_mode=private");
    const web = await run("web", "lan", "--ip", "192.168.50.9");
    const next = await run("next", "lan");
    expect(await reaches(next, "192.168.50.9")).toBe(false);
    expect(await reaches(web, router)).toBe(true);
    await host.mustTsd(["rm", "-f", "web", "next"]);
    await host.mustTsd(["network", "rm", "lan"]);

    await createLan("--driver", "macvlan", "-o", "macvlan_mode=passthru");
    const only = await run("only", "lan");
    expect(await reaches(only, router)).toBe(true);
    const [parent] = JSON.parse(await host.mustRun(["ip", "-json", "link", "show", uplink]));
    expect(await host.mustTsd(["network", "inspect", "lan"])).toContain(parent.address);
    const second = await host.tsd(["run", "-d", "--net", "lan", "busybox", "sleep", "9"]);
    expect(second.stderr).toMatch(/uplink0 takes no link of type macvlan/);
    const refused = await host.tsd([
      "run",
      "-d",
      "--net",
      "lan",
      "--mac-address",
      "02:00:00:00:00:01",
      "busybox",
      "true",
    ]);
    expect(refused.stderr).toMatch(
      /driver macvlan can have the MAC address 02:00:00:00:00:01: all share that of a link/,
    );
    await host.mustTsd(["rm", "-f", "only"]);
    await host.mustTsd(["network", "rm", "lan"]);
    expect(await reaches(host, addresses.internet)).toBe(true);
  });
});

test.each<readonly [what: string, flags: readonly string[], says: RegExp]>([
  ["a parent that is not there", ["--driver", "macvlan", "-o", "parent=eth9"], /the host has no link eth9/],
  ["a VLAN that is none", ["--driver", "macvlan", "-o", `parent=${uplink}.4095`], /4095 is no VLAN id from 1 to 4094/],
  ["a mode that is none", ["--driver", "ipvlan", "-o", "ipvlan_mode=l9"], /ipvlan_mode=l9 is not l2, l3 or l3s/],
  ["an uplink without a VLAN", ["--driver", "vlan-bridge", "-o", `parent=${uplink}`], /has no VLAN for its parent/],
  ["a bridge's option", ["--driver", "ptp", "-o", "antispoof=true"], /the ptp driver has no option "antispoof"/],
])("%s is refused in one sentence", async (_, flags, says) => {
  const refused = await lab().host.tsd(["network", "create", ...flags, "bad"]);
  expect(refused).toMatchObject({ code: expect.not.stringMatching(/^0$/), stderr: expect.stringMatching(says) });
  expect(refused.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
});

test("ptp: routed without a bridge, published everywhere, and alone where it is internal", async () => {
  const { host, internet } = lab();
  const subnets = ["--subnet", "10.77.0.0/24", "--subnet", "fd00:77::/64"];
  await host.mustTsd(["network", "create", "--driver", "ptp", ...subnets, "cables"]);
  await host.mustTsd(["network", "create", "--driver", "ptp", "--internal", "--subnet", "10.78.0.0/24", "inner"]);
  const inner = await run("inner", "inner");
  const web = await run("web", "cables", "-p", "8080:7");
  const next = await run("next", "cables");
  expect((await host.tsd(["doctor"])).stdout).not.toMatch(/route 10\.7[78]\./);
  expect(await host.mustRun(["ip", "-brief", "link", "show", "type", "bridge"])).toBe("");
  const server = await serveEcho(web, { protocol: "tcp", address: "::", port: 7 });
  const ask = (from: Namespace, address: string, port = 8080) => askEcho(from, { protocol: "tcp", address, port });
  expect(await ask(internet, addresses.host)).toBe(`::ffff:${addresses.internet}`);
  expect(await ask(internet, addresses.host6)).toBe(addresses.internet6);
  for (const [from, address] of [
    [host, addresses.host],
    [host, "127.0.0.1"],
    [next, addresses.host],
    [web, addresses.host],
  ] as const) {
    expect(await ask(from, address)).toBeDefined();
  }
  expect(await ask(next, "10.77.0.2", 7)).toBeDefined();
  expect(await ask(next, "fd00:77::2", 7)).toBeDefined();
  for (const address of [addresses.server, addresses.server6]) expect(await reaches(web, address)).toBe(true);

  // An intruder who routes to it.
  await internet.ip(`route add 10.77.0.0/24 via ${addresses.host}`);
  expect(await ask(internet, "10.77.0.2", 7)).toBeUndefined();
  await internet.ip(`route del 10.77.0.0/24 via ${addresses.host}`);
  await inner.ip("route add default via 10.78.0.1");
  expect(await reaches(inner, "10.78.0.1")).toBe(true);
  expect(await reaches(inner, addresses.server)).toBe(false);
  expect(await ask(inner, addresses.host)).toBeUndefined();

  const { NetworkSettings } = await inspect(lab(), "web");
  expect(NetworkSettings.Ports["7/tcp"]).toHaveLength(2);
  // Its end on the host has an address that is valid everywhere, and is no uplink.
  expect(await host.mustTsd(["check"])).toBe("");
  await host.ip("route del 10.77.0.2/32");
  expect((await host.tsd(["check"])).stdout).toMatch(/route 10.77.0.2\/32/);
  await host.mustTsd(["reload"]);
  expect(await host.mustTsd(["check"])).toBe("");
  expect(await reaches(host, "10.77.0.2")).toBe(true);
  await server.close();
  await host.mustTsd(["rm", "-f", "web", "next", "inner"]);
  await host.mustTsd(["network", "rm", "cables", "inner"]);
}, 120_000);

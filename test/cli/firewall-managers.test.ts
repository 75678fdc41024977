import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { Firewalls } from "../support/lab/firewalls.js";
import { addresses } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { namespaceOf, settleHook, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** Ways that packets take: a container's out, and in to its published port. */
const ways = ["out4", "out6", "in4", "in6"] as const;
type Way = (typeof ways)[number];
const serve = ["busybox", "nc", "-ll", "-p", "80", "-e", "echo", "hello"];

/** Which of the ways are open; those of which `open` is expected get the time that a slow machine needs. */
async function openWays(open: readonly Way[]): Promise<readonly Way[]> {
  const { internet } = lab();
  const web = await namespaceOf(lab(), "web");
  const calls: Readonly<Record<Way, readonly [Namespace, string, number]>> = {
    out4: [web, addresses.server, 80],
    out6: [web, addresses.server6, 80],
    in4: [internet, addresses.host, 8080],
    in6: [internet, addresses.host6, 8080],
  };
  const heard = await Promise.all(
    ways.map(async (way) => {
      const [from, address, port] = calls[way];
      const patience = open.includes(way) ? "10" : "1";
      const { stdout } = await from.run(["busybox", "nc", "-w", patience, address, `${port}`]);
      return stdout === "hello\n" ? [way] : [];
    }),
  );
  return heard.flat();
}

const expectWays = async (open: readonly Way[]): Promise<void> => expect(await openWays(open)).toEqual(open);

/** A container that serves a published port, in both families, and a server on the internet. */
async function begin(): Promise<() => Promise<void>> {
  const { host, internet } = lab();
  const server = internet.start(serve, { timeout: 120_000 });
  const subnets = ["--subnet", "10.80.0.0/24", "--subnet", "fd00:80::/64"];
  await host.mustTsd(["network", "create", ...subnets, "-o", "name=br8", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", ...serve.slice(1)]);
  return async () => {
    await host.mustTsd(["rm", "-f", "web"]);
    await host.mustTsd(["network", "rm", "net"]);
    server.kill("SIGKILL");
    await server.ended;
  };
}

/** Does something again until nothing is to be repaired, a bounded number of times. */
async function untilWhole(again: () => Promise<unknown> = async () => undefined): Promise<void> {
  const { host } = lab();
  let said = "";
  for (let attempt = 0; attempt < 60; attempt++) {
    if (attempt % 10 === 0) await again();
    const { code, stdout } = await host.tsd(["check"]);
    if (code === 0) return;
    said = stdout;
  }
  throw new Error(`still to be repaired: ${said}`);
}

test("firewalld leaves tsd's table alone, and lets containers out whose bridge has the zone that doctor names", async () => {
  const { host } = lab();
  const end = await begin();
  const firewalls = await Firewalls.install(host);
  const stopBus = await firewalls.startBus();
  const stop = await firewalls.startFirewalld();
  await expectWays(["in4", "in6"]);
  const told = await firewalls.run([resolve("bin/tsd"), "doctor"]);
  expect(told.code).toBe(1);
  const [, remedy = ""] =
    /^firewalld has br8 of network "net" in no zone.*\n {2}Put it into a zone: (.*)$/m.exec(told.stdout) ?? [];
  await firewalls.mustRun(["sh", "-ec", remedy]);
  await expectWays(ways);
  for (const reload of ["--reload", "--complete-reload"]) {
    await firewalls.mustRun(["firewall-cmd", reload]);
    expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
    await expectWays(ways);
  }
  expect((await firewalls.run([resolve("bin/tsd"), "doctor"])).stdout).not.toContain("firewalld");
  await stop();
  await expectWays(ways);
  await stopBus();
  await firewalls.remove();
  await end();
}, 240_000);

test("firewalld erases iptables at every turn: doctor says so, and a hook has tsd follow", async () => {
  const { host } = lab();
  const firewalls = await Firewalls.install(host);
  const stopBus = await firewalls.startBus();
  const zone = ["firewall-offline-cmd", "--zone=trusted", "--add-interface=br8"];
  await firewalls.mustRun(zone);
  let stop = await firewalls.startFirewalld();
  await host.mustTsd(["nat", "use", "iptables"]);
  const end = await begin();
  await expectWays(ways);
  expect((await firewalls.run([resolve("bin/tsd"), "doctor"])).stdout).toMatch(
    /^firewalld erases all rules of iptables/,
  );
  await firewalls.mustRun(["firewall-cmd", "--reload"]);
  const { code, stdout } = await host.tsd(["check"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining("published port 8080/tcp is missing") });
  const hook = firewalls.start([resolve("share/hooks/tsd-follow-firewalld")]);
  // It says nothing when it begins to listen.
  await untilWhole(() => firewalls.mustRun(["firewall-cmd", "--reload"]));
  await stop();
  await untilWhole();
  stop = await firewalls.startFirewalld();
  await untilWhole();
  await expectWays(ways);
  await stop();
  await untilWhole();
  await stopBus();
  await hook.ended;
  await host.mustTsd(["nat", "use", "nftables"]);
  await firewalls.remove();
  await end();
}, 240_000);

test("ufw drops what containers send and get, until its routes allow it; it erases iptables where it manages all of it", async () => {
  const { host } = lab();
  const end = await begin();
  const firewalls = await Firewalls.install(host);
  // The host's parameters are not what this is about.
  await firewalls.mustRun(["sed", "-i", "s/^IPT_SYSCTL=.*/IPT_SYSCTL=/", "/etc/default/ufw"]);
  await firewalls.mustRun(["ufw", "--force", "enable"]);
  await expectWays([]);
  const told = await firewalls.run([resolve("bin/tsd"), "doctor"]);
  for (const family of ["ip", "ip6"])
    expect(told.stdout).toMatch(new RegExp(`^table ${family} filter, chain FORWARD.* drops`, "m"));
  for (const side of ["in", "out"]) await firewalls.mustRun(["ufw", "route", "allow", side, "on", "br8"]);
  for (const backend of ["nftables", "iptables"]) {
    await host.mustTsd(["nat", "use", backend]);
    await firewalls.mustRun(["ufw", "reload"]);
    expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
    await expectWays(ways);
  }
  expect((await firewalls.run([resolve("bin/tsd"), "doctor"])).stdout).not.toContain("erases");
  await firewalls.mustRun(["sed", "-i", "s/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=yes/", "/etc/default/ufw"]);
  expect((await firewalls.run([resolve("bin/tsd"), "doctor"])).stdout).toMatch(/^ufw erases all rules of iptables/m);
  await firewalls.mustRun(["ufw", "reload"]);
  expect(await host.tsd(["check"])).toMatchObject({ code: 1 });
  await firewalls.mustRun(["install", "-m", "755", resolve("share/hooks/tsd-follow"), "/etc/ufw/after.init"]);
  await firewalls.mustRun(["ufw", "reload"]);
  await untilWhole();
  await expectWays(ways);
  await firewalls.mustRun(["ufw", "disable"]);
  await untilWhole();
  await settleHook(lab());
  await host.mustTsd(["nat", "use", "nftables"]);
  await firewalls.remove();
  await end();
}, 240_000);

import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { readStoreRows } from "../support/soak/store-rows.js";
import { inspect, namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** A host with networks and containers of all conditions, whose power is cut. */
async function usedAndRebooted(): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  await host.mustTsd(["network", "create", "--ipv6", "six"]);
  const sleeping = ["busybox", "sleep", "600"];
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "--ip", "10.70.0.9", "-p", "8080:80", ...sleeping]);
  await host.mustTsd(["network", "connect", "six", "web"]);
  await host.mustTsd(["run", "-d", "--name", "guest", "--net", "container:web", ...sleeping]);
  await host.mustTsd(["run", "-d", "--name", "db", "--net", "net", "-p", "5432", ...sleeping]);
  await host.mustTsd(["run", "-d", "--name", "plain", ...sleeping]);
  await host.mustTsd(["run", "-d", "--rm", "--name", "brief", "--net", "net", ...sleeping]);
  await host.mustTsd(["create", "--name", "never", "--net", "net", "--ip", "10.70.0.8", ...sleeping]);
  await host.tsd(["run", "--name", "over", "--net", "net", "busybox", "sh", "-c", "exit 3"]);
  await lab().reboot();
}

async function removeAll(): Promise<void> {
  const { host } = lab();
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const names = (await host.mustTsd(["ps", "-a", "--format", "{{.Names}}"])).split("\n");
  await host.mustTsd(["rm", "-f", ...names]);
  await host.mustTsd(["network", "prune", "--force"]);
  await removeDefaultNetwork(lab());
}

test("after a reboot the dead are known as such, hold nothing but what is theirs for good, and start again", async () => {
  const { host, internet } = lab();
  await usedAndRebooted();
  expect(await host.tsd(["ps", "-q"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const all = await host.mustTsd(["ps", "-a", "--format", "{{.Names}} {{.Status}}"]);
  expect(
    all
      .replaceAll(/ (Less|About|\d).*/g, "")
      .split("\n")
      .sort(),
  ).toEqual([
    "db Exited (137)",
    "guest Exited (137)",
    "never Created",
    "over Exited (3)",
    "plain Exited (137)",
    "web Exited (137)",
  ]);
  const { networks, containers, endpoints, claims, leases } = readStoreRows(host.root);
  expect([endpoints, claims]).toEqual([[], []]);
  const gateways = new Set(networks.map(({ id }) => id));
  const nameOf = (id: string) => containers.find((row) => row.id === id)?.container.name;
  const held = leases.filter(({ holder }) => !gateways.has(holder)).map(({ holder }) => nameOf(holder));
  expect(held.sort()).toEqual(["never", "web"]);
  expect(await host.tsd(["run", "--rm", "--net", "net", "--ip", "10.70.0.9", "busybox", "true"])).toMatchObject({
    code: 125,
    stderr: expect.stringMatching(/10\.70\.0\.9 belongs to container "web"/),
  });
  await host.mustTsd(["start", "web", "never", "db"]);
  const networksOfWeb = (await inspect(lab(), "web")).NetworkSettings;
  expect(networksOfWeb.IPAddress).toBe("10.70.0.9");
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 })).toBe(addresses.internet);
  await server.close();
  await host.mustTsd(["exec", "never", "ping", "-c", "1", "-W", "2", "web"]);
  await host.mustTsd(["exec", "web", "ping", "-c", "1", "-W", "2", addresses.server]);
  await host.mustTsd(["start", "guest", "plain"]);
  await removeAll();
}, 60_000);

/** The same with one network and two containers. */
async function rebooted(): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "600"]);
  await host.mustTsd(["run", "-d", "--rm", "--name", "brief", "--net", "net", "busybox", "sleep", "600"]);
  await lab().reboot();
}

test("after a reboot a network comes back with the first container that uses it, now or by connecting", async () => {
  const { host } = lab();
  await rebooted();
  const ping = ["busybox", "ping", "-c", "1", addresses.server];
  expect(await host.tsd(["run", "--rm", "--net", "net", ...ping])).toMatchObject({ code: 0, stderr: "" });
  await lab().reboot();
  await host.mustTsd(["run", "-d", "--name", "other", "--net", "none", "busybox", "sleep", "600"]);
  await host.mustTsd(["network", "connect", "net", "other"]);
  await host.mustTsd(["exec", "other", "ping", "-c", "1", addresses.server]);
  await removeAll();
}, 60_000);

test("after a reboot, check reports what is missing, and reload brings it back", async () => {
  const { host } = lab();
  await rebooted();
  expect(await host.tsd(["check"])).toMatchObject({ code: 1, stdout: expect.stringContaining("network net: link ") });
  expect(await host.tsd(["reload"])).toMatchObject({ code: 0, stderr: "" });
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  await host.mustTsd(["start", "web"]);
  await removeAll();
}, 60_000);

test("after a reboot, namespaces of others are off their networks, and the same command brings them back", async () => {
  const { host } = lab();
  const connect = ["network", "connect", "--ip", "10.70.0.9", "net", "netns:tsd-own"];
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  await host.mustRun(["ip", "netns", "add", "tsd-own"]);
  await host.mustTsd(connect);
  await lab().reboot();
  await host.mustRun(["ip", "netns", "delete", "tsd-own"]);
  // At the same place, what tsd has never seen.
  await host.mustRun(["ip", "netns", "add", "tsd-own"]);
  await host.mustRun(["ip", "-netns", "tsd-own", "link", "add", "eth0", "type", "bridge"]);
  expect(await host.tsd(["check"])).toMatchObject({ stdout: expect.not.stringContaining("tsd-own") });
  expect(readStoreRows(host.root)).toMatchObject({ endpoints: [], claims: [] });
  expect(await host.mustRun(["ip", "-netns", "tsd-own", "-o", "link"])).toContain("eth0");
  await host.mustRun(["ip", "-netns", "tsd-own", "link", "delete", "eth0"]);
  await host.mustTsd(connect);
  expect(await host.mustRun(["ip", "-netns", "tsd-own", "-o", "address"])).toContain("10.70.0.9/24");
  await host.mustTsd(["network", "disconnect", "net", "netns:tsd-own"]);
  // What stays from the first use on is there again with the next.
  await host.mustTsd(["run", "--rm", "--net", "net", "busybox", "true"]);
  await host.mustTsd(["network", "rm", "net"]);
  await host.mustRun(["ip", "netns", "delete", "tsd-own"]);
}, 60_000);

test("after a reboot everything can be removed without having been used", async () => {
  const { host } = lab();
  await rebooted();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
  await host.mustTsd(["run", "--rm", "busybox", "true"]);
  await removeDefaultNetwork(lab());
}, 60_000);

import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const inside = (name: string, ...command: readonly string[]) => lab().host.mustTsd(["exec", name, ...command]);

async function useNetworks(...names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    await lab().host.mustTsd(["network", "create", "--subnet", `10.20.${index}.1/24`, name]);
  }
}

test("the default route goes to the highest priority, else to the first by name, and moves when that one leaves", async () => {
  const { host } = lab();
  await useNetworks("a", "b", "c");
  await host.mustTsd(["network", "create", "--internal", "--subnet", "10.21.0.1/24", "0-inside"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "b", "--net", "0-inside", "busybox", "sleep", "60"]);
  const way = async () => (await inside("web", "ip", "route", "get", addresses.server)).split(" ")[2];
  expect(await way()).toBe("10.20.1.1");
  await host.mustTsd(["network", "connect", "a", "web"]);
  expect(await way()).toBe("10.20.0.1");
  await host.mustTsd(["network", "connect", "--gw-priority", "5", "c", "web"]);
  expect(await way()).toBe("10.20.2.1");
  await host.mustTsd(["network", "disconnect", "c", "web"]);
  expect(await way()).toBe("10.20.0.1");
  await host.mustTsd(["restart", "-t", "0", "web"]);
  expect(await way()).toBe("10.20.0.1");
  expect(await inside("web", "ip", "-o", "-4", "address")).toMatch(
    /eth0 .*10\.20\.1\.(.|\n)*eth1 .*10\.21\.0\.(.|\n)*eth2 .*10\.20\.0\./,
  );
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "a", "b", "c", "0-inside"]);
});

test("names of neighbours come and go in /etc/hosts, and lead to them", async () => {
  const { host } = lab();
  await useNetworks("a", "b");
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "--network-alias", "www", "busybox", "sleep", "60"]);
  await host.mustTsd([
    "run",
    "-d",
    "--name",
    "db",
    "--net",
    "a",
    "--net",
    "b",
    "--add-host",
    "me:host-gateway",
    "busybox",
    "sleep",
    "60",
  ]);
  await inside("db", "ping", "-c", "1", "-W", "2", "www");
  await inside("web", "ping", "-c", "1", "-W", "2", "db");
  expect(await inside("db", "cat", "/etc/hosts")).toContain("10.20.0.1\tme\n");
  await host.mustTsd(["network", "disconnect", "a", "db"]);
  expect(await inside("web", "cat", "/etc/hosts")).not.toMatch(/\bdb\b/);
  await host.mustTsd(["network", "connect", "--alias", "late", "b", "web"]);
  await inside("db", "ping", "-c", "1", "-W", "2", "late");
  await host.mustTsd(["rm", "-f", "web"]);
  expect(await inside("db", "cat", "/etc/hosts")).not.toMatch(/\bweb\b/);
  await host.mustTsd(["rm", "-f", "db"]);
  await host.mustTsd(["network", "rm", "a", "b"]);
});

test("a static address stays a container's while it is stopped", async () => {
  const { host } = lab();
  await useNetworks("a");
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "--ip", "10.20.0.2", "busybox", "sleep", "60"]);
  await host.mustTsd(["stop", "-t", "0", "web"]);
  await host.mustTsd(["run", "-d", "--name", "other", "--net", "a", "busybox", "sleep", "60"]);
  expect(await inside("other", "ip", "-o", "-4", "address")).toContain("10.20.0.3/24");
  const taken = await host.tsd(["run", "--rm", "--net", "a", "--ip", "10.20.0.2", "busybox", "true"]);
  expect(taken).toMatchObject({ code: 125, stderr: expect.stringContaining('10.20.0.2 belongs to container "web"') });
  await host.mustTsd(["start", "web"]);
  expect(await inside("web", "ip", "-o", "-4", "address")).toContain("10.20.0.2/24");
  await host.mustTsd(["rm", "-f", "web", "other"]);
  await host.mustTsd(["network", "rm", "a"]);
});

test("ports are added and taken away while a container runs, and what goes through others goes on", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sleep", "60"]);
  const container = await namespaceOf(lab(), "web");
  const servers = await Promise.all(
    [80, 81].map((port) => serveEcho(container, { protocol: "tcp", address: "0.0.0.0", port })),
  );
  const ask = (port: number, timeout?: number) =>
    askEcho(internet, { protocol: "tcp", address: addresses.host, port }, timeout);
  expect(await ask(8081, 300)).toBeUndefined();
  await host.mustTsd(["port", "add", "web", "8081:81", "127.0.0.1:8082:80"]);
  expect(await ask(8081)).toBe(addresses.internet);
  expect(await host.mustTsd(["port", "web"])).toBe(
    "80/tcp -> 0.0.0.0:8080\n80/tcp -> 127.0.0.1:8082\n81/tcp -> 0.0.0.0:8081",
  );
  await host.mustTsd(["port", "rm", "web", "81"]);
  expect(await ask(8081, 300)).toBeUndefined();
  expect(await ask(8080)).toBe(addresses.internet);
  const taken = await host.tsd(["port", "add", "web", "8080:81"]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('published by container "web"') });
  for (const server of servers) await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await removeDefaultNetwork(lab());
});

test("with icc=false neighbours do not reach each other, but for what a link opens", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "-o", "icc=false", "a"]);
  await host.mustTsd(["run", "-d", "--name", "db", "--net", "a", "--expose", "5432", "busybox", "sleep", "60"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "--link", "db:store", "busybox", "sleep", "60"]);
  await host.mustTsd(["run", "-d", "--name", "other", "--net", "a", "busybox", "sleep", "60"]);
  const [db, web, other] = await Promise.all(["db", "web", "other"].map((name) => namespaceOf(lab(), name)));
  if (db === undefined || web === undefined || other === undefined) throw new Error("unreachable");
  const servers = await Promise.all(
    [5432, 80].map((port) => serveEcho(db, { protocol: "tcp", address: "0.0.0.0", port })),
  );
  const ask = (from: typeof web, port: number, timeout = 300) =>
    askEcho(from, { protocol: "tcp", address: "10.20.0.2", port }, timeout);
  expect(await ask(web, 5432, 2000)).toBe("10.20.0.3");
  expect(await ask(web, 80)).toBeUndefined();
  expect(await ask(other, 5432)).toBeUndefined();
  expect(await inside("web", "cat", "/etc/hosts")).toMatch(/^10\.20\.0\.2\tstore db [0-9a-f]{12}\t# tsd$/m);
  await host.mustTsd(["network", "disconnect", "a", "other"]);
  await host.mustTsd(["network", "connect", "--link", "db:data", "a", "other"]);
  expect(await ask(other, 5432, 2000)).toBe("10.20.0.5");
  expect(await ask(other, 80)).toBeUndefined();
  expect(await inside("other", "nslookup", "data")).toContain("10.20.0.2");
  const links = "{{json .NetworkSettings.Networks.a.Links}}";
  expect(await host.mustTsd(["inspect", "--format", links, "other"])).toBe('["db:data"]');
  await host.mustTsd(["restart", "-t", "0", "other"]);
  await inside("other", "nc", "-w", "2", "data", "5432", "-e", "true");
  for (const server of servers) await server.close();
  await host.mustTsd(["rm", "-f", "db", "web", "other"]);
  await host.mustTsd(["network", "rm", "a"]);
});

test("several join a network by one command, all or none", async () => {
  const { host } = lab();
  await useNetworks("a", "b");
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "a", "busybox", "sleep", "60"]);
  await host.mustTsd(["create", "--name", "db", "--net", "a", "busybox", "sleep", "60"]);
  const both = ["web", "db"];
  const members = async () =>
    JSON.parse(await host.mustTsd(["inspect", ...both])).map(
      (container: { readonly NetworkSettings: { readonly Networks: object } }) =>
        Object.keys(container.NetworkSettings.Networks).length,
    );
  expect(await host.tsd(["network", "connect", "b", ...both, "nosuch"])).toMatchObject({ code: 1 });
  expect(await members()).toEqual([1, 1]);
  const refused = await host.tsd(["network", "connect", "--ip", "10.20.1.9", "b", ...both]);
  expect(refused.stderr).toContain("10.20.1.9 can be the address of one only, and 2 are to be connected");
  await host.mustTsd(["network", "connect", "b", ...both]);
  expect(await members()).toEqual([2, 2]);
  await host.mustTsd(["start", "db"]);
  expect(await inside("db", "ip", "-o", "-4", "address")).toMatch(/eth1 .*10\.20\.1\./);
  await host.mustTsd(["network", "disconnect", "b", ...both]);
  expect(await members()).toEqual([1, 1]);
  await host.mustTsd(["rm", "-f", ...both]);
  await host.mustTsd(["network", "rm", "a", "b"]);
});

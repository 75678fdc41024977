import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { inspect, namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const ping = (from: Namespace, to: string) => from.mustRun(["ping", "-c", "1", "-W", "2", to]);

test("two containers reach each other, the host reaches both, both reach the world as the host", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "testbr"]);
  for (const name of ["one", "two"]) {
    await host.mustTsd(["run", "-d", "--name", name, "--net", "testbr", "busybox", "sleep", "60"]);
  }
  const server = await serveEcho(internet, { protocol: "tcp", address: addresses.server, port: 7 });
  for (const [name, other] of [
    ["one", "two"],
    ["two", "one"],
  ] as const) {
    const { NetworkSettings } = await inspect(lab(), other);
    expect(await host.mustTsd(["exec", name, "ip", "route"])).toContain("default via 10.10.10.1 dev eth0");
    await host.mustTsd(["exec", name, "ping", "-c", "1", "-W", "2", NetworkSettings.IPAddress]);
    await ping(host, NetworkSettings.IPAddress);
    const inside = await namespaceOf(lab(), name);
    expect(await askEcho(inside, { protocol: "tcp", address: addresses.server, port: 7 })).toBe(addresses.host);
  }
  await server.close();
  await host.mustTsd(["rm", "-f", "one", "two"]);
  await host.mustTsd(["network", "rm", "testbr"]);
});

/** A port of the host, the address a client of it has, and who asks. */
const publications = [
  { flag: "8080:80", protocol: "tcp", hostPort: 8080, port: 80 },
  { flag: "8081:81/udp", protocol: "udp", hostPort: 8081, port: 81 },
  { flag: "9000-9009:9000-9009", protocol: "tcp", hostPort: 9004, port: 9004 },
  { flag: "7000-7001:6000-6001", protocol: "tcp", hostPort: 7001, port: 6001 },
] as const;

test.each(publications)("a port published as $flag accepts from everywhere", async (publication) => {
  const { host, internet } = lab();
  const { flag, protocol, hostPort: port } = publication;
  await host.mustTsd(["run", "-d", "--name", "web", "-p", flag, "busybox", "sleep", "60"]);
  await host.mustTsd(["run", "-d", "--name", "next", "busybox", "sleep", "60"]);
  const container = await namespaceOf(lab(), "web");
  const neighbour = await namespaceOf(lab(), "next");
  const server = await serveEcho(container, { protocol, address: "0.0.0.0", port: publication.port });
  const ask = (from: Namespace, address: string) => askEcho(from, { protocol, address, port });
  expect(await ask(internet, addresses.host)).toBe(addresses.internet);
  expect(await ask(host, addresses.host)).toBeDefined();
  expect(await ask(host, "127.0.0.1")).toBeDefined();
  expect(await ask(neighbour, addresses.host)).toBeDefined();
  expect(await ask(container, addresses.host)).toBeDefined();
  await server.close();
  await host.mustTsd(["rm", "-f", "web", "next"]);
  await removeDefaultNetwork(lab());
});

test("what is published on 127.0.0.1, or not at all, cannot be reached from outside", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "127.0.0.1:8080:80", "busybox", "sleep", "60"]);
  const container = await namespaceOf(lab(), "web");
  const { IPAddress } = (await inspect(lab(), "web")).NetworkSettings;
  const server = await serveEcho(container, { protocol: "tcp", address: "0.0.0.0", port: 80 });
  expect(await askEcho(host, { protocol: "tcp", address: "127.0.0.1", port: 8080 })).toBeDefined();
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 }, 300)).toBeUndefined();
  await internet.ip(`route add ${IPAddress}/32 via ${addresses.host}`);
  expect(await askEcho(internet, { protocol: "tcp", address: IPAddress, port: 80 }, 300)).toBeUndefined();
  await internet.ip(`route del ${IPAddress}/32`);
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await removeDefaultNetwork(lab());
});

test("a port in use is refused, whichever program uses it, and so is one of an address that the host has not", async () => {
  const { host } = lab();
  const listener = await serveEcho(host, { protocol: "tcp", address: "0.0.0.0", port: 4444 });
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sleep", "60"]);
  const taken = await host.tsd(["run", "-d", "-p", "8080:81", "busybox", "true"]);
  expect(taken).toMatchObject({ code: 125, stderr: expect.stringContaining('is published by container "web"') });
  const busy = await host.tsd(["run", "-d", "-p", "4444:80", "busybox", "true"]);
  expect(busy).toMatchObject({ code: 125, stderr: expect.stringContaining("in use by a process on the host") });
  const absent = await host.tsd(["run", "-d", "-p", "192.0.2.77:4444:80", "busybox", "true"]);
  expect(absent).toMatchObject({ code: 125, stderr: expect.stringContaining("it is no address of this host") });
  await listener.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await removeDefaultNetwork(lab());
});

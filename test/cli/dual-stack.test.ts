import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const inside = (name: string, ...command: readonly string[]) => lab().host.mustTsd(["exec", name, ...command]);

test("a container on both families reaches and is reached by both at once", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--ipv6", "--subnet", "10.30.0.1/24", "--subnet", "fd00:30::/64", "net"]);
  await host.mustTsd([
    "run",
    "-d",
    "--name",
    "web",
    "--net",
    "net",
    "--ip6",
    "fd00:30::9",
    "-p",
    "8080:80",
    "busybox",
    "sleep",
    "60",
  ]);
  await host.mustTsd(["run", "-d", "--name", "next", "--net", "net", "busybox", "sleep", "60"]);
  expect(await inside("web", "ip", "-6", "-o", "address", "show", "eth0")).toContain("fd00:30::9/64");
  await inside("next", "ping", "-6", "-c", "1", "-W", "2", "fd00:30::9");
  const container = await namespaceOf(lab(), "web");
  const outside = await serveEcho(internet, { protocol: "tcp", address: addresses.server6, port: 7 });
  expect(await askEcho(container, { protocol: "tcp", address: addresses.server6, port: 7 })).toBe(addresses.host6);
  await outside.close();
  const servers = await Promise.all(
    ["10.30.0.2", "fd00:30::9"].map((address) => serveEcho(container, { protocol: "tcp", address, port: 80 })),
  );
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 })).toBe(addresses.internet);
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host6, port: 8080 })).toBe(addresses.internet6);
  expect(await askEcho(host, { protocol: "tcp", address: addresses.host6, port: 8080 })).toBeDefined();
  expect(await askEcho(container, { protocol: "tcp", address: addresses.host6, port: 8080 })).toBeDefined();
  expect(await host.mustTsd(["port", "web"])).toBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
  for (const server of servers) await server.close();
  await host.mustTsd(["rm", "-f", "web", "next"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a port of one family stays closed on the other", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--ipv6", "net"]);
  await host.mustTsd([
    "run",
    "-d",
    "--name",
    "web",
    "--net",
    "net",
    "-p",
    "[::]:8080:80",
    "-p",
    "0.0.0.0:8081:80",
    "busybox",
    "sleep",
    "60",
  ]);
  const container = await namespaceOf(lab(), "web");
  const server = await serveEcho(container, { protocol: "tcp", address: "::", port: 80 });
  const ask = (address: string, port: number, timeout?: number) =>
    askEcho(internet, { protocol: "tcp", address, port }, timeout);
  expect(await ask(addresses.host6, 8080)).toBe(addresses.internet6);
  expect(await ask(addresses.host, 8080, 300)).toBeUndefined();
  expect(await ask(addresses.host, 8081)).toMatch(new RegExp(`${addresses.internet}$`));
  expect(await ask(addresses.host6, 8081, 300)).toBeUndefined();
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("without IPv4 there is IPv6 alone", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--ipv4=false", "--subnet", "fd00:31::/64", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "busybox", "sleep", "60"]);
  expect(await inside("web", "ip", "-o", "-4", "address", "show", "eth0")).toBe("");
  expect(await inside("web", "ip", "-6", "route")).toContain("default via fd00:31::1 dev eth0");
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("each family is published where it leaves, and a routed network is open too, whichever is joined last", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.30.0.0/24", "four"]);
  await host.mustTsd(["network", "create", "--ipv4=false", "--subnet", "fd00:31::/64", "six"]);
  await host.mustTsd(["network", "create", "--subnet", "10.32.0.0/24", "-o", "gateway_mode=routed", "routed"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "four", "-p", "8080:80", "busybox", "sleep", "300"]);
  const container = await namespaceOf(lab(), "web");
  const server = await serveEcho(container, { protocol: "tcp", address: "::", port: 80 });
  const ask = async (address: string, port: number): Promise<boolean> =>
    (await askEcho(internet, { protocol: "tcp", address, port }, 1000)) !== undefined;
  const reached = async () => [
    await ask(addresses.host, 8080),
    await ask(addresses.host6, 8080),
    await ask("10.32.0.2", 80),
  ];
  await internet.ip(`route add 10.32.0.0/24 via ${addresses.host}`);
  expect(await reached()).toEqual([true, false, false]);
  await host.mustTsd(["network", "connect", "six", "web"]);
  await host.mustTsd(["network", "connect", "routed", "web"]);
  expect(await reached()).toEqual([true, true, true]);
  expect(await host.mustTsd(["port", "web"])).toBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
  await host.mustTsd(["network", "disconnect", "six", "web"]);
  expect(await reached()).toEqual([true, false, true]);
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "four", "six", "routed"]);
}, 120_000);

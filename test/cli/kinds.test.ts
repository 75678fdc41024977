import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const tcp = "tcp" as const;

test("an internal network reaches nobody, and nobody reaches it, but for the host", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--internal", "--subnet", "10.60.0.1/24", "back"]);
  const run = (name: string, ...flags: readonly string[]) =>
    host.tsd(["run", "-d", "--name", name, "--net", "back", ...flags, "busybox", "sleep", "60"]);
  expect(await run("db", "-p", "8080:80")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("on no network that publishes ports"),
  });
  await run("next");
  const [db, next] = await Promise.all(["db", "next"].map((name) => namespaceOf(lab(), name)));
  if (db === undefined || next === undefined) throw new Error("unreachable");
  const server = await serveEcho(db, { protocol: tcp, address: "0.0.0.0", port: 80 });
  expect(await askEcho(next, { protocol: tcp, address: "10.60.0.2", port: 80 })).toBe("10.60.0.3");
  expect(await askEcho(host, { protocol: tcp, address: "10.60.0.2", port: 80 })).toBe("10.60.0.1");
  expect(await askEcho(internet, { protocol: tcp, address: addresses.host, port: 8080 }, 300)).toBeUndefined();
  expect(await host.mustTsd(["exec", "db", "ip", "route"])).not.toContain("default");
  await server.close();
  await host.mustTsd(["rm", "-f", "db", "next"]);
  await host.mustTsd(["network", "rm", "back"]);
});

test("a routed network's published ports are reached at the container's own address, and no others", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "-o", "gateway_mode=routed", "--subnet", "10.61.0.1/24", "open"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "open", "-p", "80", "busybox", "sleep", "60"]);
  await internet.ip(`route add 10.61.0.0/24 via ${addresses.host}`);
  const container = await namespaceOf(lab(), "web");
  const servers = await Promise.all(
    [80, 81].map((port) => serveEcho(container, { protocol: tcp, address: "0.0.0.0", port })),
  );
  expect(await askEcho(internet, { protocol: tcp, address: "10.61.0.2", port: 80 })).toBe(addresses.internet);
  expect(await askEcho(internet, { protocol: tcp, address: "10.61.0.2", port: 81 }, 300)).toBeUndefined();
  await internet.mustRun(["ping", "-c", "1", "-W", "2", "10.61.0.2"]);
  const outside = await serveEcho(internet, { protocol: tcp, address: addresses.server, port: 7 });
  expect(await askEcho(container, { protocol: tcp, address: addresses.server, port: 7 })).toBe("10.61.0.2");
  for (const server of [...servers, outside]) await server.close();
  await internet.ip("route del 10.61.0.0/24");
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "open"]);
});

test("a network leaves by the address it was told to, with the MTU of the way out", async () => {
  const { host, internet } = lab();
  await host.ip("address add 198.51.100.77/24 dev uplink0", "link set uplink0 mtu 1400");
  await host.mustTsd(["network", "create", "-o", "outbound_addr4=198.51.100.77", "net"]);
  await host.mustTsd([
    "run",
    "-d",
    "--name",
    "web",
    "--net",
    "name=net,driver-opt=ifname=lan0",
    "busybox",
    "sleep",
    "60",
  ]);
  expect(await host.mustTsd(["exec", "web", "cat", "/sys/class/net/lan0/mtu"])).toBe("1400");
  const outside = await serveEcho(internet, { protocol: tcp, address: addresses.server, port: 7 });
  const container = await namespaceOf(lab(), "web");
  expect(await askEcho(container, { protocol: tcp, address: addresses.server, port: 7 })).toBe("198.51.100.77");
  await outside.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
  await host.ip("address del 198.51.100.77/24 dev uplink0", "link set uplink0 mtu 1500");
});

test("what on the host stops packets is told, and left alone", async () => {
  const { host } = lab();
  await host.mustRun([
    "nft",
    "add table inet foreign; add chain inet foreign guard { type filter hook forward priority 0; policy drop; }",
  ]);
  const made = await host.tsd(["network", "create", "net"]);
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^tsd: warning: table inet foreign, chain guard \(policy drop\) drops/),
  });
  expect(await host.mustRun(["nft", "list", "table", "inet", "foreign"])).toContain("policy drop");
  await host.mustTsd(["network", "rm", "net"]);
  await host.mustRun(["nft", "delete", "table", "inet", "foreign"]);
});

test("all ports of a protocol are one change", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "1-65535:1-65535/udp", "busybox", "sleep", "60"]);
  expect((await host.mustRun(["nft", "list", "map", "inet", "tsd", "publish4_range"])).match(/comment/g)).toHaveLength(
    1,
  );
  const server = await serveEcho(await namespaceOf(lab(), "web"), {
    protocol: "udp",
    address: "0.0.0.0",
    port: 31_337,
  });
  expect(await askEcho(internet, { protocol: "udp", address: addresses.host, port: 31_337 })).toBe(addresses.internet);
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await removeDefaultNetwork(lab());
});

import { readlinkSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const detached = (name: string, ...flags: readonly string[]) =>
  lab().host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "60"]);
const inside = (name: string, ...command: readonly string[]) => lab().host.mustTsd(["exec", name, ...command]);

test("host: the caller's own network, and no port is published", async () => {
  const { host } = lab();
  const started = await host.tsd([
    "run",
    "-d",
    "--name",
    "web",
    "--net",
    "host",
    "-p",
    "8080:80",
    "busybox",
    "sleep",
    "60",
  ]);
  expect(started).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^tsd: warning: .*shares the host's network.*\n$/),
  });
  const { Pid } = (await inspect(lab(), "web")).State;
  const own = (await host.mustRun(["readlink", "/proc/self/ns/net"])).trim();
  expect(readlinkSync(`/proc/${Pid}/ns/net`)).toBe(own);
  expect(await inside("web", "ip", "-o", "link")).toContain("uplink0");
  expect(await host.mustTsd(["port", "web"])).toBe("");
  await host.mustTsd(["rm", "-f", "web"]);
});

test("none: nothing but lo, up, until a network is connected", async () => {
  const { host, internet } = lab();
  await detached("web", "--net", "none");
  expect((await inside("web", "ip", "-o", "link")).split("\n")).toEqual([
    expect.stringMatching(/^1: lo: <LOOPBACK,UP/),
  ]);
  await inside("web", "ping", "-c", "1", "-W", "2", "127.0.0.1");
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "net"]);
  await host.mustTsd(["network", "connect", "--ip", "10.10.10.9", "net", "web"]);
  expect(await inside("web", "ip", "-o", "-4", "address", "show", "eth0")).toContain("10.10.10.9/24");
  expect(await inside("web", "ip", "route")).toContain("default via 10.10.10.1 dev eth0");
  const server = await serveEcho(internet, { protocol: "tcp", address: addresses.server, port: 7 });
  expect(await askEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: addresses.server, port: 7 })).toBe(
    addresses.host,
  );
  await server.close();
  await host.mustTsd(["network", "disconnect", "net", "web"]);
  expect((await inside("web", "ip", "-o", "link")).split("\n")).toHaveLength(1);
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("container: one network and one set of names for both, until the last of them ends", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "net"]);
  await detached("web", "--net", "net", "-p", "8080:80", "-h", "site");
  await detached("guest", "--net", "container:web");
  const links = await Promise.all(["web", "guest"].map((name) => inside(name, "readlink", "/proc/self/ns/net")));
  expect(links[0]).toBe(links[1]);
  expect(await inside("guest", "hostname")).toBe("site");
  for (const file of ["hosts", "hostname", "resolv.conf"]) {
    expect(await inside("guest", "cat", `/etc/${file}`)).toBe(await inside("web", "cat", `/etc/${file}`));
  }
  const namespace = await namespaceOf(lab(), "guest");
  const server = await serveEcho(namespace, { protocol: "tcp", address: "0.0.0.0", port: 80 });
  const ask = () => askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 });
  expect(await ask()).toBe(addresses.internet);
  await host.mustTsd(["rm", "-f", "web"]);
  expect(await ask()).toBe(addresses.internet);
  expect(await host.tsd(["network", "rm", "net"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('container "guest"'),
  });
  await server.close();
  await host.mustTsd(["rm", "-f", "guest"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("ns: a namespace that somebody else made, left as it was", async () => {
  const { host } = lab();
  await host.mustRun(["ip", "netns", "add", "tsd-own"]);
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "net"]);
  expect(await host.mustTsd(["network", "connect", "net", "netns:tsd-own"])).toContain("10.10.10.2/24");
  await detached("web", "--net", "ns:/run/netns/tsd-own");
  expect(await inside("web", "ip", "-o", "-4", "address")).toContain("10.10.10.2/24");
  await host.mustTsd(["rm", "-f", "web"]);
  expect(await host.mustRun(["ip", "-netns", "tsd-own", "route"])).toContain("default via 10.10.10.1 dev eth0");
  await host.mustTsd(["network", "disconnect", "net", "netns:tsd-own"]);
  expect(await host.mustRun(["ip", "-netns", "tsd-own", "-o", "link"])).not.toContain("eth0");
  await host.mustTsd(["network", "rm", "net"]);
  await host.mustRun(["ip", "netns", "delete", "tsd-own"]);
});

test("a process of anybody's is attached by its number", async () => {
  const { host } = lab();
  // Each of these becomes the next, so that the process keeps its number.
  const other = host.start(["unshare", "--net", "sh", "-c", "echo ready; exec sleep 60"]);
  await other.saying("ready");
  const { pid } = other;
  await host.mustTsd(["network", "create", "net"]);
  await host.mustTsd(["network", "connect", "net", `pid:${pid}`]);
  expect(await host.mustRun(["nsenter", `--net=/proc/${pid}/ns/net`, "ip", "-o", "-4", "address"])).toContain("eth0");
  await host.mustTsd(["network", "disconnect", "net", `pid:${pid}`]);
  other.kill("SIGKILL");
  await other.ended;
  await host.mustTsd(["network", "rm", "net"]);
});

test.each([
  [["--net", "container:web", "-p", "80:80"], "--publish"],
  [["--net", "container:web", "--ip", "10.0.0.9"], "--ip"],
  [["--net", "container:web", "--hostname", "x"], "--hostname"],
  [["--net", "container:web", "--dns", "192.0.2.1"], "--dns"],
  [["--net", "container:web", "--add-host", "x:192.0.2.1"], "--add-host"],
  [["--net", "container:web", "--mac-address", "02:00:00:00:00:09"], "--mac-address"],
  [["--net", "container:web", "--link", "web:x"], "--link"],
  [["--net", "container:stopped"], 'container "stopped"'],
  [["--net", "container:nosuch"], '"nosuch" does not exist'],
  [["--net", "ns:/nosuch"], "/nosuch"],
  [["--net", "host", "--net", "net"], "does not go together"],
])("run %j is refused", async (flags, offender) => {
  const { host } = lab();
  await detached("web", "--net", "none");
  await host.mustTsd(["create", "--name", "stopped", "--net", "none", "busybox", "true"]);
  const result = await host.tsd(["run", "--rm", ...flags, "busybox", "true"]);
  expect(result).toMatchObject({ code: 125, stdout: "", stderr: expect.stringContaining(offender) });
  expect(result.stderr).toMatch(/^tsd: [^\n]+\nhint: [^\n]+\n$/);
  await host.mustTsd(["rm", "-f", "web", "stopped"]);
});

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { startNameServer } from "../support/lab/name-server.js";
import { mustRun, type Program } from "../support/lab/program.js";
import { namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
/** What the world's name server replies for every name. */
const WORLD = "192.0.2.77";
/** An address of the wire that no machine has. */
const DEAD = "198.51.100.99";
let world: Program;

beforeAll(async () => {
  const { host, internet } = lab();
  world = await startNameServer(internet, addresses.server, WORLD);
  const file = `${host.root}/resolv.conf`;
  writeFileSync(file, `nameserver ${addresses.server}\nsearch corp.example\noptions timeout:3\n`);
  await mustRun(["mount", "--bind", file, "/etc/resolv.conf"]);
  await lab().settle();
});
afterAll(async () => {
  await mustRun(["umount", "/etc/resolv.conf"]);
  world.kill("SIGKILL");
  await world.ended;
});

const detached = (name: string, ...flags: readonly string[]) =>
  lab().host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "300"]);
const inside = (name: string, ...words: readonly string[]) => lab().host.mustTsd(["exec", name, ...words]);
const network = (name: string, third: number, ...flags: readonly string[]) =>
  lab().host.mustTsd(["network", "create", "--subnet", `10.${third}.0.1/24`, ...flags, name]);
const remove = async (containers: readonly string[], networks: readonly string[]) => {
  await lab().host.mustTsd(["rm", "-f", ...containers]);
  for (const name of networks) await lab().host.mustTsd(["network", "rm", name]);
};

/**
 * The addresses that busybox' nslookup, which asks name servers alone, prints in their order; or the word of its failure. A dot at
 * the end keeps it from search domains, which it tries first whatever ndots says.
 */
async function ask(container: string, name: string): Promise<readonly string[] | string> {
  const { stdout, stderr } = await lab().host.tsd(["exec", container, "nslookup", `${name}.`]);
  const failure = /NXDOMAIN|SERVFAIL|REFUSED|timed out/.exec(stdout + stderr)?.[0];
  const found = [...stdout.matchAll(/^Address(?: \d+)?: *(\S+)$/gm)].flatMap(([, address = ""]) => address);
  const others = found.filter((address) => address !== "127.0.0.11:53" && address !== "127.0.0.11");
  return others.length === 0 ? (failure ?? "nothing") : others;
}

const sorted = (found: readonly string[] | string) => (typeof found === "string" ? found : [...found].sort());

test("names stay on their networks, aliases take turns, and a container on two networks has both", async () => {
  const { host } = lab();
  await network("front", 20);
  await network("back", 21);
  await detached("a1", "--net", "name=front,ip=10.20.0.11,alias=db");
  await detached("a2", "--net", "name=front,ip=10.20.0.12,alias=db");
  await detached("b1", "--net", "name=back,ip=10.21.0.11,alias=db");
  await detached("both", "--net", "front", "--net", "back");
  expect(sorted(await ask("a1", "db"))).toEqual(["10.20.0.11", "10.20.0.12"]);
  const turns = [await ask("a1", "db"), await ask("a1", "db")];
  expect(turns[0]).not.toEqual(turns[1]);
  expect(await ask("b1", "db")).toEqual(["10.21.0.11"]);
  expect(sorted(await ask("both", "db"))).toEqual(["10.20.0.11", "10.20.0.12", "10.21.0.11"]);
  expect(await ask("both", "db.back")).toEqual(["10.21.0.11"]);
  expect([await ask("b1", "a1"), await ask("b1", "a1.back"), await ask("b1", "nosuch")]).toEqual([
    ...["NXDOMAIN", "NXDOMAIN", "NXDOMAIN"],
  ]);
  expect([await ask("b1", "host.docker.internal"), await ask("b1", "gateway")]).toEqual([["10.21.0.1"], ["10.21.0.1"]]);
  expect(await inside("b1", "nslookup", "10.21.0.11")).toContain("b1.back");
  expect(await host.mustTsd(["names", "--format", "{{.Name}} {{.Address}} {{.Container}}", "back"])).toMatch(
    /^b1 10\.21\.0\.11 b1\ndb 10\.21\.0\.11 b1\nboth \S+ both$/,
  );
  const explained = await host.tsd(["explain", "b1", "db"]);
  expect(explained.stdout).toMatch(/^name: the resolver of container b1 says that db is 10\.21\.0\.11, b1\.back\n/);
  expect(await host.mustTsd(["check"])).toBe("");
  await remove(["a1", "a2", "b1", "both"], ["front", "back"]);
});

test("what stops is unknown at once, and what starts again or moves is known before the command returns", async () => {
  const { host } = lab();
  await network("net", 20);
  await detached("web", "--net", "net");
  await detached("client", "--net", "net");
  for (let round = 0; round < 3; round++) {
    await host.mustTsd(["stop", "-t", "0", "web"]);
    expect(await ask("client", "web")).toBe("NXDOMAIN");
    await host.mustTsd(["start", "web"]);
    const address = await host.mustTsd(["inspect", "--format", "{{.NetworkSettings.Networks.net.IPAddress}}", "web"]);
    expect(await ask("client", "web")).toEqual([address]);
  }
  await host.mustTsd(["network", "disconnect", "net", "web"]);
  expect(await ask("client", "web")).toBe("NXDOMAIN");
  await host.mustTsd(["network", "connect", "--ip", "10.20.0.77", "net", "web"]);
  expect([await ask("client", "web"), await ask("web", "client")]).toEqual([["10.20.0.77"], [expect.any(String)]]);
  await remove(["web", "client"], ["net"]);
});

test("other names go to the host's name servers, to the network's or to the container's, and nowhere from internal networks", async () => {
  await network("net", 20);
  await network("own", 21, "--dns", addresses.server);
  await network("inner", 22, "--internal");
  await detached("plain", "--net", "net");
  await detached("named", "--net", "own", "--dns-search", "lan", "--dns-option", "ndots:1");
  await detached("failing", "--net", "net", "--dns", DEAD, "--dns", addresses.server);
  await detached("closed", "--net", "inner", "--dns", addresses.server);
  for (const name of ["plain", "named", "failing"]) expect(await ask(name, `${name}.example.org`)).toEqual([WORLD]);
  expect(await ask("closed", "closed.example.org")).toBe("NXDOMAIN");
  expect(await inside("closed", "nslookup", "closed")).toContain("Address: 10.22.0.2");
  expect(await ask("plain", "nosuch")).toBe("NXDOMAIN");
  const asked = await world.saying("failing.example.org");
  for (const name of ["closed", "nosuch"]) expect(asked).not.toContain(name);
  expect(await inside("plain", "cat", "/etc/resolv.conf")).toBe(
    "nameserver 127.0.0.11\nsearch corp.example\noptions timeout:3 ndots:0",
  );
  expect(await inside("named", "cat", "/etc/resolv.conf")).toBe("nameserver 127.0.0.11\nsearch lan\noptions ndots:1");
  await remove(["plain", "named", "failing", "closed"], ["net", "own", "inner"]);
});

test("a container of the default network has the resolver while it is on a network with names, unless it changed its file", async () => {
  const { host } = lab();
  await network("net", 20);
  await network("bare", 21, "--disable-dns");
  await detached("db", "--net", "net");
  await detached("plain");
  await detached("changed");
  await inside("changed", "sh", "-c", "echo nameserver 192.0.2.53 > /etc/resolv.conf");
  const file = (name: string) => inside(name, "cat", "/etc/resolv.conf");
  const before = await file("plain");
  expect(before).toContain(`nameserver ${addresses.server}`);
  for (const name of ["plain", "changed"]) {
    await host.mustTsd(["network", "connect", "bare", name]);
    await host.mustTsd(["network", "connect", "net", name]);
  }
  expect([await file("plain"), await file("changed")]).toEqual([
    expect.stringMatching(/^nameserver 127\.0\.0\.11\n/),
    "nameserver 192.0.2.53",
  ]);
  expect(await ask("plain", "db")).toEqual([expect.stringMatching(/^10\.20\.0\./)]);
  expect(await host.mustTsd(["check"])).toBe("");
  for (const name of ["plain", "changed"]) await host.mustTsd(["network", "disconnect", "net", name]);
  expect([await file("plain"), await file("changed")]).toEqual([before, "nameserver 192.0.2.53"]);
  await remove(["db", "plain", "changed"], ["net", "bare"]);
  await removeDefaultNetwork(lab());
});

test("an image may serve names itself on every address", async () => {
  const { host } = lab();
  await network("net", 20);
  await detached("db", "--net", "net");
  await detached("server", "--net", "net");
  const namespace = await namespaceOf(lab(), "server");
  const address = await host.mustTsd(["inspect", "--format", "{{.NetworkSettings.Networks.net.IPAddress}}", "server"]);
  for (const protocol of ["udp", "tcp"] as const) {
    const server = await serveEcho(namespace, { protocol, address: "0.0.0.0", port: 53 });
    expect(await askEcho(host, { protocol, address, port: 53 })).toBe("10.20.0.1");
    expect(await ask("server", "db")).toEqual([expect.stringMatching(/^10\.20\.0\./)]);
    await server.close();
  }
  await remove(["db", "server"], ["net"]);
});

test("IPv6 alone, and a name without an address of the family", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--ipv4=false", "--ipv6", "--subnet", "fd20::/64", "six"]);
  await detached("db", "--net", "name=six,ip6=fd20::11");
  await detached("web", "--net", "six");
  expect([await ask("web", "db"), await ask("web", "web.example.org")]).toEqual([["fd20::11"], [WORLD]]);
  await remove(["db", "web"], ["six"]);
});

test("programs of glibc and of Node.js resolve as busybox does", async () => {
  const { host } = lab();
  const rootfs = `${host.root}/glibc`;
  mkdirSync(`${rootfs}/etc`, { recursive: true });
  writeFileSync(`${rootfs}/etc/nsswitch.conf`, "hosts: files dns\n");
  const volumes = ["/usr", "/lib", "/lib64", dirname(process.execPath)].flatMap((path) => ["-v", `${path}:${path}:ro`]);
  await network("net", 20);
  await detached("db", "--net", "name=net,ip=10.20.0.11,alias=store,alias=many");
  await detached("other", "--net", "name=net,ip=10.20.0.12,alias=many");
  const run = (...words: readonly string[]) =>
    host.mustTsd(["run", "--rm", "--net", "net", ...volumes, "--rootfs", rootfs, ...words]);
  const names = ["store", "db.net", "www.example.org"];
  const expected = ["10.20.0.11", "10.20.0.11", WORLD];
  for (const [at, name] of names.entries()) {
    expect((await run("/usr/bin/getent", "ahostsv4", name)).split(/\s/, 1)).toEqual([expected[at]]);
  }
  const many = await run("/usr/bin/getent", "ahostsv4", "many");
  expect(new Set(many.match(/^\S+/gm))).toEqual(new Set(["10.20.0.11", "10.20.0.12"]));
  const script = `const { Resolver } = require("node:dns").promises; Promise.all(${JSON.stringify(names)}.map((name) => new Resolver().resolve4(name))).then((found) => console.log(found.flat().join(" ")))`;
  expect(await run(process.execPath, "-e", script)).toBe(expected.join(" "));
  await remove(["db", "other"], ["net"]);
  rmSync(rootfs, { recursive: true });
});

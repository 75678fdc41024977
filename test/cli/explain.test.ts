import { expect, test } from "@jest/globals";
import type { Explanation } from "../../src/api/index.js";
import { askEcho, type EchoServer, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ iptables: true });

const networks = [
  ["front", "--subnet", "10.96.1.0/24", "--subnet", "fd96:1::/64"],
  ["back", "--subnet", "10.96.2.0/24"],
  ["apart", "--subnet", "10.96.3.0/24", "--subnet", "fd96:3::/64", "-o", "icc=false"],
  ["inner", "--subnet", "10.96.4.0/24", "--internal"],
  ["open", "--subnet", "10.96.5.0/24", "-o", "isolate=false"],
  ["routed", "--subnet", "10.96.6.0/24", "-o", "gateway_mode=routed"],
] as const;

/** Addresses follow from the order. Ports that containers serve: 80 and 81, all of them. */
const containers = [
  ["web", "--net", "front", "-p", "8080:80", "-p", "127.0.0.1:8081:80"],
  ["db", "--net", "front"],
  ["lone", "--net", "back"],
  ["two", "--net", "apart", "--expose", "81"],
  ["one", "--net", "apart", "--link", "two"],
  ["in1", "--net", "inner"],
  ["in2", "--net", "inner"],
  ["op", "--net", "open"],
  ["rt", "--net", "routed", "-p", "80:80"],
  ["multi", "--net", "front", "--net", "back"],
  ["guest", "--net", "container:db"],
  ["hosty", "--net", "host"],
  ["nobody", "--net", "none"],
] as const;

/** Who calls whom, in the words of a user, and the address and port that this comes to. */
const calls = [
  ["web", "db:80", "10.96.1.3", 80],
  ["web", "web:80", "10.96.1.2", 80],
  ["web", `${addresses.host}:8080`, addresses.host, 8080],
  ["db", `${addresses.host}:8080`, addresses.host, 8080],
  ["db", `[${addresses.host6}]:8080`, addresses.host6, 8080],
  ["db", "[fd96:1::2]:80", "fd96:1::2", 80],
  ["guest", "web:80", "10.96.1.2", 80],
  ["lone", "db:80", "10.96.1.3", 80],
  ["lone", "host:8080", addresses.host, 8080],
  ["lone", "host:8081", addresses.host, 8081],
  ["lone", "op:80", "10.96.5.2", 80],
  ["lone", "rt:80", "10.96.6.2", 80],
  ["lone", "rt:81", "10.96.6.2", 81],
  ["one", "two:81", "10.96.3.2", 81],
  ["one", "two:80", "10.96.3.2", 80],
  ["one", "[fd96:3::2]:81", "fd96:3::2", 81],
  ["one", "[fd96:3::2]:80", "fd96:3::2", 80],
  ["one", "host:8080", addresses.host, 8080],
  ["multi", "lone:80", "10.96.2.2", 80],
  ["multi", "db:80", "10.96.1.3", 80],
  ["multi", "rt:80", "10.96.6.2", 80],
  ["lone", "multi:80", "10.96.2.3", 80],
  ["lone", "10.96.1.4:80", "10.96.1.4", 80],
  ["in1", "in2:80", "10.96.4.3", 80],
  ["in1", `${addresses.server}:7`, addresses.server, 7],
  ["in1", "db:80", "10.96.1.3", 80],
  ["web", `${addresses.server}:7`, addresses.server, 7],
  ["rt", `${addresses.server}:7`, addresses.server, 7],
  ["nobody", "db:80", "10.96.1.3", 80],
  ["host", "db:80", "10.96.1.3", 80],
  ["hosty", "in1:80", "10.96.4.2", 80],
  ["host", "127.0.0.1:8080", "127.0.0.1", 8080],
  ["host", "127.0.0.1:8081", "127.0.0.1", 8081],
  ["host", "[::1]:8080", "::1", 8080],
  ["host", "127.0.0.1:9999", "127.0.0.1", 9999],
  ["host", "host:9998", addresses.host, 9998],
  [addresses.internet, "host:8080", addresses.host, 8080],
  [addresses.internet, "host:8081", addresses.host, 8081],
  [addresses.internet, "host:9999", addresses.host, 9999],
  [addresses.internet, "db:80", "10.96.1.3", 80],
  [addresses.internet, "op:80", "10.96.5.2", 80],
  [addresses.internet, "rt:80", "10.96.6.2", 80],
  [addresses.internet6, `[${addresses.host6}]:8080`, addresses.host6, 8080],
] as const;

async function explain(from: string, to: string): Promise<Explanation> {
  return JSON.parse((await lab().host.tsd(["explain", "--json", from, to])).stdout);
}

function at(from: string): Promise<Namespace> | Namespace {
  const { host, internet } = lab();
  if (from.includes(".") || from.includes(":")) return internet;
  return from === "host" ? host : namespaceOf(lab(), from);
}

/** In order, for the addresses; servers are everywhere but in what has no network of its own. */
async function populate(): Promise<readonly EchoServer[]> {
  const { host, internet } = lab();
  for (const [name, ...flags] of networks) await host.mustTsd(["network", "create", ...flags, name]);
  for (const [name, ...flags] of containers) {
    await host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "600"]);
  }
  await internet.ip(`route add 10.96.0.0/16 via ${addresses.host}`);
  const served = containers.filter(([, , network]) => !/^(host|none|container:)/.test(network));
  const places = await Promise.all(served.map(([name]) => namespaceOf(lab(), name)));
  const echoes = [
    ...places.flatMap((place) => [80, 81].map((port) => ({ place, address: "::", port }))),
    { place: internet, address: addresses.server, port: 7 },
    { place: host, address: addresses.host, port: 9998 },
  ];
  return Promise.all(echoes.map(({ place, ...echo }) => serveEcho(place, { protocol: "tcp", ...echo })));
}

async function depopulate(servers: readonly EchoServer[]): Promise<void> {
  const { host, internet } = lab();
  for (const server of servers) await server.close();
  await host.mustTsd(["nat", "use", "nftables"]);
  await host.mustTsd(["rm", "-f", ...containers.map(([name]) => name)]);
  await host.mustTsd(["network", "rm", ...networks.map(([name]) => name)]);
  await internet.ip("route del 10.96.0.0/16");
}

/** Who pings whom. */
const pings = [
  ["web", "db", "10.96.1.3"],
  ["lone", "db", "10.96.1.3"],
  ["lone", "rt", "10.96.6.2"],
  ["one", "two", "10.96.3.2"],
  ["in1", "host", addresses.host],
] as const;

/** What is told and what happens, where the two differ. */
async function differences(from: string, to: string, [address, port]: readonly [string, number]) {
  const asking = askEcho(await at(from), { protocol: "tcp", address, port }, 500);
  const [{ verdict, hops }, answer] = await Promise.all([explain(from, to), asking]);
  // A socket of both families sees IPv4 addresses mapped (RFC 4291 §2.5.5.2).
  const seen = answer?.replace("::ffff:", "");
  const told = verdict.reaches ? verdict.seenAs : undefined;
  const off = hops.filter(({ drifts, amiss }) => drifts !== undefined || amiss !== undefined);
  return told === seen && off.length === 0 ? [] : [{ from, to, told, seen, off, verdict }];
}

test("what is told is what happens, whichever backend holds the rules", async () => {
  const { host } = lab();
  const servers = await populate();
  const found: unknown[] = [];
  for (const [from, to, ...place] of calls) found.push(...(await differences(from, to, place)));
  for (const [from, to, address] of pings) {
    const { code } = await (await at(from)).run(["ping", "-q", "-c", "1", "-W", "1", address]);
    const { verdict } = await explain(from, to);
    if (verdict.reaches !== (code === 0)) found.push({ from, to, code, verdict });
  }
  await host.mustTsd(["nat", "use", "iptables"]);
  for (const [from, to, ...place] of calls.filter(([caller]) => caller === "lone" || caller === "one")) {
    found.push(...(await differences(from, to, place)));
  }
  await depopulate(servers);
  expect(found).toEqual([]);
}, 120_000);

/** Ways to harm what leads from elsewhere to a port that is published; `hop` is told to be what is lacking. */
const harms: Readonly<
  Record<string, { readonly from: string; readonly harm: () => Promise<unknown>; readonly told: RegExp }>
> = {
  "an element of the packet filter": {
    from: addresses.internet,
    harm: () => lab().host.mustRun(["nft", "delete element inet tsd publish4 { tcp . 8080 }"]),
    told: /^(\d). prerouting: .*\n +by element tcp \. 8080 of map publish4 in table inet tsd\n +but the kernel lacks it \(published port 8080\/tcp.*\n(.*\n)+verdict: does not arrive, since hop \1 is not/m,
  },
  "a container's port of its bridge": {
    from: "host",
    harm: async () => {
      const links = await lab().host.mustRun(["ip", "-o", "link", "show", "type", "veth"]);
      const [name = ""] = /\bveth[0-9a-f]{11}\b/.exec(links) ?? [];
      return lab().host.ip(`link set ${name} nomaster`);
    },
    told: /but the kernel has it different \(link veth/,
  },
  "a container's way back": {
    from: addresses.internet,
    harm: async () => (await namespaceOf(lab(), "web")).ip("route del default"),
    told: /but the kernel lacks it \(route 0\.0\.0\.0\/0 by 10\.96\.1\.1\)/,
  },
};

test("what the kernel lacks on the way is told, and is no more once it is repaired", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.96.1.0/24", "front"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "front", "-p", "8080:80", "busybox", "sleep", "120"]);
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  for (const { from, harm, told } of Object.values(harms)) {
    const words = ["explain", from, `${addresses.host}:8080`];
    const ask = (timeout: number) =>
      askEcho(from === "host" ? host : internet, { protocol: "tcp", address: addresses.host, port: 8080 }, timeout);
    expect(await host.tsd(words)).toMatchObject({ code: 0, stdout: expect.not.stringContaining("but the kernel") });
    await harm();
    expect(await host.tsd(words)).toEqual({ code: 1, stdout: expect.stringMatching(told), stderr: "" });
    expect(await ask(300)).toBeUndefined();
    await host.tsd(["reload"]);
    // The host may still be looking for its neighbour, which it asks after once a second.
    expect(await ask(5000)).toBeDefined();
  }
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "front"]);
});

test("a server that does not listen where it is called is told, and it gets no connection", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.96.1.0/24", "front"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "front", "-p", "8080:80", "busybox", "sleep", "120"]);
  const ask = () => askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 });
  const caution = async () =>
    /^caution: (.*)$/m.exec(await host.mustTsd(["explain", "outside", `${addresses.host}:8080`]))?.[1];
  expect([await caution(), await ask()]).toEqual(["nothing listens on port 80/tcp in container web", undefined]);
  const loopback = "port 80/tcp of container web is listened on at 127.0.0.1 alone, and not at 10.96.1.2";
  for (const [address, told, seen] of [
    ["127.0.0.1", loopback, undefined],
    ["10.96.1.2", undefined, addresses.internet],
    ["0.0.0.0", undefined, addresses.internet],
  ] as const) {
    const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address, port: 80 });
    expect({ address, told: await caution(), seen: await ask() }).toEqual({ address, told, seen });
    await server.close();
  }
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "front"]);
});

test("a guard is a part of the way, and what it lacks is told", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.96.1.0/24", "-o", "antispoof=true", "front"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "front", "busybox", "sleep", "120"]);
  const server = await serveEcho(internet, { protocol: "tcp", address: addresses.server, port: 7 });
  const words = ["explain", "web", `${addresses.server}:7`];
  const ask = async (timeout: number) =>
    askEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: addresses.server, port: 7 }, timeout);
  expect(await host.mustTsd(words)).toMatch(
    /by element veth[0-9a-f]+ \. 10\.96\.1\.2 of set guard4 in table bridge tsd\n/,
  );
  expect(await ask(5000)).toBe(addresses.host);
  await host.mustRun(["nft", "flush set bridge tsd guard4"]);
  expect(await host.tsd(words)).toMatchObject({ code: 1, stdout: expect.stringContaining("but the kernel") });
  expect(await ask(300)).toBeUndefined();
  await host.tsd(["reload"]);
  expect(await ask(5000)).toBe(addresses.host);
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "front"]);
  // Made with the first guard, it stays as the other one does.
  await host.mustRun(["nft", "delete", "table", "bridge", "tsd"]);
});

test("others' chains are named where they drop, and rules of no owner where there are none", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.96.1.0/24", "front"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "front", "-p", "8080:80", "busybox", "sleep", "60"]);
  await host.mustRun([
    "nft",
    "add table inet foreign; add chain inet foreign guard { type filter hook forward priority 0; policy drop; }",
  ]);
  expect(await host.tsd(["explain", "outside", "host:8080"])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^verdict: does not arrive, since table inet foreign, chain guard .* drops it$/m),
  });
  await host.mustRun(["nft", "delete table inet foreign"]);
  await host.mustTsd(["nat", "use", "none"]);
  expect(await host.mustTsd(["explain", "outside", "host:8080"])).toMatch(/^caution: the NAT backend is none/m);
  await host.mustTsd(["nat", "use", "nftables"]);
  await host.mustTsd(["rm", "-f", "web"]);
  expect(await host.tsd(["explain", "front", "host:8080"])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("hint: Publish it: tsd port add CONTAINER 8080:PORT"),
  });
  await host.mustTsd(["network", "rm", "front"]);
});

test.each([
  [["nosuch", "host:80"], 'neither a container nor a network "nosuch" exists'],
  [["host", "nosuch:80"], 'container "nosuch" does not exist'],
  [["host", "nosuch:"], 'has no port from 1 to 65535: ""'],
  [["host", "nosuch:65536"], 'has no port from 1 to 65535: "65536"'],
  [["host", "nosuch:80/icmp"], 'has no protocol of tcp, udp, sctp: "icmp"'],
  [["host", "[db]:80"], 'holds no IPv6 address: "db"'],
  [["host", "a:b:c"], 'target "a:b:c" says nobody that could be called'],
  [["host", ":80"], 'target ":80" says nobody that could be called'],
  [["outside", "nosuch -> host:80"], "unexpected argument"],
  [[addresses.internet, "[2001:db8::1]:80"], "cannot call 2001:db8::1, an address of the other family"],
  [["host"], 'who "host" calls is missing'],
])("explain %j is refused", async (words, offender) => {
  const result = await lab().host.tsd(["explain", ...words]);
  expect(result).toMatchObject({ stdout: "", stderr: expect.stringContaining(offender) });
  expect(result.code).not.toBe(0);
  expect(result.stderr).toMatch(/^tsd: [^\n]+\nhint: [^\n]+\n$/);
});

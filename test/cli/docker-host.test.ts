import { writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "@jest/globals";
import { Carrier, emptyBooks, type Order } from "../support/docker/carrier.js";
import { addresses } from "../support/lab/lab.js";
import type { Output } from "../support/lab/program.js";
import { inspect, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const serve = ["busybox", "nc", "-ll", "-p", "80", "-e", "echo", "hello"];
const clean = { code: 0, stdout: "", stderr: "" };

/** The directory of records is there from the first use on. */
beforeAll(async () => {
  const carrier = await Carrier.open(lab().host);
  await create("first");
  await tsd("network", "rm", "first");
  await carrier[Symbol.asyncDispose]();
  await lab().settle();
}, 60_000);

const tsd = (...words: readonly string[]): Promise<Output> => lab().host.tsd(words);
const must = (...words: readonly string[]): Promise<string> => lab().host.mustTsd(words);
const create = (name: string, ...words: readonly string[]): Promise<Output> =>
  tsd("network", "create", "--driver", "docker:carrier", "--subnet", "10.50.0.0/24", ...words, name);

/** Calls until the server listens, which is some time after its start. */
function calling(address: string, port: number): readonly string[] {
  const call = `busybox nc -w 5 ${address} ${port} | grep hello`;
  return ["sh", "-c", `for i in $(seq 50); do ${call} && exit; sleep 0.1; done; exit 1`];
}

test("containers on a docker plug-in's network reach each other and are called from outside, whatever it goes through", async () => {
  const { host, internet } = lab();
  await using carrier = await Carrier.open(host);
  await must("network", "create", "--driver", "carrier", "--subnet", "10.50.0.0/24", "-o", "colour=red", "lan");
  const [network] = JSON.parse(await must("network", "inspect", "lan"));
  expect(network).toMatchObject({ Driver: "docker:carrier", Options: { colour: "red" } });
  const [call = ""] = await carrier.calls().then((calls) => calls.filter((one) => one.includes("CreateNetwork")));
  expect(JSON.parse(call.slice(call.indexOf("{")))).toEqual({
    NetworkID: network.Id,
    Options: {
      "com.docker.network.enable_ipv4": true,
      "com.docker.network.enable_ipv6": false,
      "com.docker.network.generic": { colour: "red" },
    },
    IPv4Data: [{ AddressSpace: "LocalDefault", Pool: "10.50.0.0/24", Gateway: "10.50.0.1/24" }],
    IPv6Data: [],
  });
  const foreseen = await must("run", "--dry-run", "--name", "web", "--net", "lan", "-p", "8080:80", ...serve);
  expect(foreseen).toMatch(
    /curl --unix-socket \/run\/docker\/plugins\/carrier.sock -d .*NetworkDriver.CreateEndpoint\n/,
  );
  expect(await carrier.verbs()).toEqual([]);

  await must("run", "-d", "--name", "web", "--net", "lan", "-p", "8080:80", ...serve);
  expect(await carrier.verbs()).toEqual(
    ["CreateEndpoint", "Join", "ProgramExternalConnectivity"].map((verb) => `NetworkDriver.${verb}`),
  );
  await must("run", "-d", "--name", "client", "--net", "lan", "busybox", "sleep", "600");
  const { IPAddress } = (await inspect(lab(), "web")).NetworkSettings;
  expect(await must("exec", "client", ...calling("web", 80))).toBe("hello");
  expect(await internet.mustRun(calling(addresses.host, 8080))).toBe("hello\n");
  const shown = await must("exec", "web", "ip", "address", "show", "dev", "wire0");
  expect(shown).toContain(`inet ${IPAddress}/24`);
  expect(shown).toMatch(/link\/ether 02:aa:/);
  const [seen] = JSON.parse(await must("inspect", "web"));
  expect(shown).toContain(`link/ether ${seen.NetworkSettings.Networks.lan.MacAddress}`);
  expect(await must("exec", "web", "ip", "route")).toMatch(/10\.200\.0\.0\/16 dev wire0/);

  await carrier.stop();
  const unchecked = await tsd("check");
  expect(unchecked).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/docker plug-in "carrier" cannot be reached/),
  });
  await carrier.start();
  expect(await tsd("check")).toEqual(clean);
  for (const id of Object.keys((await carrier.books()).endpoints)) await host.ip(`link delete cn${id.slice(0, 11)}`);
  expect(await tsd("check")).toMatchObject({ code: 1, stdout: expect.stringMatching(/no interface wire0/) });
  await must("reload");
  expect(await tsd("check")).toEqual(clean);
  expect(await must("exec", "client", ...calling("web", 80))).toBe("hello");
  expect(await internet.mustRun(calling(addresses.host, 8080))).toBe("hello\n");

  await must("network", "disconnect", "lan", "client");
  expect(await tsd("check")).toEqual(clean);
  await must("network", "connect", "lan", "client");
  expect(await must("exec", "client", ...calling("web", 80))).toBe("hello");
  await carrier.calls();
  await must("rm", "--force", "web");
  const leaving = ["RevokeExternalConnectivity", "Leave", "DeleteEndpoint"].map((verb) => `NetworkDriver.${verb}`);
  expect(await carrier.verbs()).toEqual([...leaving, "Host.Returned"]);
  await must("rm", "--force", "client");
  await must("network", "rm", "lan");
  expect(await carrier.books()).toEqual(emptyBooks);
}, 180_000);

test("a docker plug-in gives a network's addresses, also to networks of other drivers, and gets them back", async () => {
  await using carrier = await Carrier.open(lab().host);
  const ipam = ["--ipam-driver", "carrier", "--ipam-opt", "shelf=2"];
  await must("network", "create", ...ipam, "--subnet", "10.51.0.0/24", "--aux-address", "nas=10.51.0.9", "own");
  await must("network", "create", "--driver", "docker:carrier", "--ipam-driver", "docker:carrier", "theirs");
  const [own, theirs] = JSON.parse(await must("network", "inspect", "own", "theirs"));
  expect(own.IPAM).toMatchObject({ Driver: "docker:carrier", Options: { shelf: "2" } });
  const subnet: string = theirs.IPAM.Config[0].Subnet;
  await must("run", "-d", "--name", "web", "--net", "own", "--net", "theirs", "busybox", "sleep", "600");
  const books = await carrier.books();
  expect(Object.keys(books.pools)).toEqual(["here/10.51.0.0/24", `here/${subnet}`]);
  const [seen] = JSON.parse(await must("inspect", "web"));
  const { IPAddress, MacAddress } = seen.NetworkSettings.Networks.theirs;
  expect(books.pools[`here/${subnet}`]).toMatchObject({ [IPAddress]: MacAddress });
  expect(await must("exec", "web", "ip", "address")).toContain(`link/ether ${MacAddress}`);
  await must("rm", "--force", "web");
  expect(Object.values((await carrier.books()).pools).map((pool) => Object.keys(pool))).toEqual([
    ["10.51.0.1", "10.51.0.9"],
    [expect.stringMatching(/\.1$/)],
  ]);
  await must("network", "rm", "own");
  await must("network", "rm", "theirs");
  expect(await carrier.books()).toEqual(emptyBooks);
}, 120_000);

/** What the plug-in says, and what tsd says of it; nothing is left afterwards. */
type Misdeed = readonly [verb: string, order: Order, said: RegExp];
const misdeedsOfNetworks: readonly Misdeed[] = [
  [
    "Plugin.Activate",
    { body: '{"Implements":["VolumeDriver"]}' },
    /failed Plugin\.Activate: it implements VolumeDriver/,
  ],
  ["NetworkDriver.GetCapabilities", { body: '{"Scope":"moon"}' }, /Scope is "moon", which is not local or global/],
  [
    "NetworkDriver.CreateNetwork",
    { body: '{"Err":"\\u001b[31mno"}' },
    /refused NetworkDriver\.CreateNetwork: "\\x1b\[31mno"/,
  ],
  [
    "NetworkDriver.CreateNetwork",
    { status: 500, body: "<h1>oops" },
    /refused .*CreateNetwork: "<h1>oops \(HTTP status 500\)"/,
  ],
  ["NetworkDriver.CreateNetwork", { close: true }, /failed .*CreateNetwork: it closed the connection/],
  ["NetworkDriver.CreateNetwork", { flood: true }, /failed .*CreateNetwork: it replied with more than 1 MiB/],
];
const misdeedsOfEndpoints: readonly Misdeed[] = [
  [
    "NetworkDriver.CreateEndpoint",
    { body: '{"Interface":{"Address":"10.50.0.2/24"}}' },
    /Address "10\.50\.0\.2\/24", and the request had said/,
  ],
  [
    "NetworkDriver.Join",
    { body: '{"InterfaceName":{"SrcName":"uplink0"}}' },
    /uplink0, which is not for a container: it has the host's address/,
  ],
  [
    "NetworkDriver.Join",
    { body: '{"InterfaceName":{"SrcName":"../../x"}}' },
    /SrcName is "\.\.\/\.\.\/x", which is not an interface name/,
  ],
  [
    "NetworkDriver.Join",
    { body: '{"InterfaceName":{"SrcName":"gone0"}}' },
    /the interface gone0, and the host has none of that name/,
  ],
  [
    "NetworkDriver.Join",
    { body: '{"Gateway":"10.99.0.1"}' },
    /gateway "10\.99\.0\.1", which no address of the interface reaches/,
  ],
  [
    "NetworkDriver.Join",
    { body: '{"StaticRoutes":[{"Destination":"127.8.0.0/16","RouteType":1}]}' },
    /a route to 127\.8\.0\.0\/16, which is in 127\.0\.0\.0\/8/,
  ],
  ["NetworkDriver.Join", { status: 404 }, /refused NetworkDriver\.Join: "\(HTTP status 404\)"/],
  ["NetworkDriver.ProgramExternalConnectivity", { status: 404 }, /publishes no ports/],
];

test("whatever a docker plug-in says or fails at, it is named, and nothing is left", async () => {
  const { host } = lab();
  await using carrier = await Carrier.open(host);
  const commits = async ([verb, order, said]: Misdeed, work: () => Promise<Output>, code: number): Promise<void> => {
    await carrier.say({ [verb]: order });
    const output = await work();
    expect(output.stderr).toMatch(said);
    expect(output).toMatchObject({ code, stdout: "" });
  };
  for (const misdeed of misdeedsOfNetworks) await commits(misdeed, () => create("lan"), 1);
  expect(await carrier.books()).toEqual(emptyBooks);
  await create("lan");
  const run = (): Promise<Output> => tsd("run", "--net", "lan", "-p", "8080:80", "busybox", "true");
  for (const misdeed of misdeedsOfEndpoints) await commits(misdeed, run, 125);
  expect((await carrier.books()).endpoints).toEqual({});
  expect(await tsd("check")).toEqual(clean);
  await must("network", "rm", "lan");
  expect(await carrier.books()).toEqual(emptyBooks);
  await carrier.stop();
  expect((await create("lan")).stderr).toMatch(
    /docker plug-in "carrier" cannot be reached for Plugin\.Activate: nothing listens/,
  );
  writeFileSync("/run/docker/plugins/flat.sock", "");
  const flat = await tsd("network", "create", "--driver", "docker:flat", "lan");
  expect(flat.stderr).toMatch(/there is no docker plug-in "flat"/);
  await host.mustRun(["rm", "/run/docker/plugins/flat.sock"]);
  expect(await tsd("network", "ls", "--quiet", "--filter", "name=lan")).toEqual(clean);
}, 240_000);

test("a docker plug-in that refuses keeps its network, one that lost it gets it again, and one that is gone is given up", async () => {
  await using carrier = await Carrier.open(lab().host);
  await create("lan");
  await carrier.say({ "NetworkDriver.DeleteNetwork": { body: '{"Err":"not now"}' } });
  expect(await tsd("network", "rm", "lan")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/DeleteNetwork: "not now"/),
  });
  expect(await must("network", "ls", "--format", "{{.Name}}", "--filter", "name=lan")).toBe("");
  await create("lan");
  const [id = ""] = Object.keys((await carrier.books()).networks);
  await lab().host.mustRun(["ip", "link", "delete", `cb${id.slice(0, 11)}`]);
  await carrier.forget();
  await carrier.say({ "NetworkDriver.CreateEndpoint": { body: "{}" } });
  await must("run", "-d", "--name", "stays", "--net", "lan", "busybox", "sleep", "600");
  expect(Object.keys((await carrier.books()).networks)).toEqual([id]);
  await carrier.say({
    "NetworkDriver.EndpointOperInfo": { body: '{"Err":"never heard"}', always: true },
    "NetworkDriver.Join": { body: '{"Err":"no such thing"}', always: true },
  });
  const reloaded = await tsd("reload");
  expect(reloaded).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is missing, since .*Join: "no such thing"/),
  });
  expect(reloaded.stdout).not.toContain("repaired: ");
  await carrier.say({});
  await must("rm", "--force", "stays");
  await carrier.stop();
  expect(await tsd("network", "rm", "lan")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/cannot be reached/),
  });
  const forced = await tsd("network", "rm", "--force", "lan");
  expect(forced).toMatchObject({ code: 0, stderr: expect.stringContaining(`docker-network ${id}`) });
  expect(await must("gc")).toContain(`/docker/network-${id}`);
  await lab().host.mustRun(["ip", "link", "delete", `cb${id.slice(0, 11)}`]);
}, 120_000);

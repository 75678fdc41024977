import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ClusterDetails, Endpoint, HostDrift, RotatedKey } from "../../src/api/index.js";
import { resourceWords } from "../../src/presenters/resource-words.js";
import { Flow } from "../support/cluster/flow.js";
import { pings } from "../support/cluster/pings.js";
import { openSharedCluster, type SharedHost } from "../support/cluster/shared-cluster.js";
import { Underlay } from "../support/cluster/underlay.js";
import { WireCapture } from "../support/cluster/wire-capture.js";
import type { Call } from "../support/faults/agent.js";
import { enterLab } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";

/** Kernels of other machines may have no WireGuard. Debian's package of its tool, which judges what the kernel has. */
const wg = resolve(".runtime/vm/wireguard-tools/usr/bin/wg");
const wire = "wire0";
/** In each ping: what must be on no wire. */
const pattern = "7473642d696e2d636c656172";
const web = { name: "web", driver: "overlay", subnets: ["10.5.0.0/16", "fd00:5::/64"] };
const cipherOf = (id: string): string => `wg-${id.slice(0, 12)}`;

interface Attached {
  readonly host: SharedHost;
  readonly space: Namespace;
  readonly addresses: readonly string[];
  /** Id. */
  readonly endpoint: string;
}

let underlay: Underlay;
let hosts: readonly SharedHost[] = [];
let containers: readonly Attached[] = [];
let id = "";
let link = "";

const [one, two] = [() => at(hosts, 0), () => at(hosts, 1)];
const [left, right] = [() => at(containers, 0), () => at(containers, 1)];

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is none at ${index}`);
  return found;
}

async function attach(host: SharedHost, network: string, name: string): Promise<Attached> {
  const { machine } = host;
  const space = await machine.addNamespace(name);
  const netns = `/run/netns/${name}`;
  const endpoint = (await patiently(host, "endpoints", "attach", { network, netns })) as Endpoint;
  const addresses = endpoint.addresses.map((address) => address.replace(/\/.*/, ""));
  return { host, space, addresses, endpoint: endpoint.id };
}

/** Which of these addresses reply, within a time that is long here. */
async function replying(from: Namespace, addresses: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (let tries = 20; tries > 0 && found.length < addresses.length; tries--) found = await pings(from, addresses, 4);
  return found;
}

const sorted = (addresses: readonly string[]): readonly string[] => [...addresses].sort();

/** Commands wait for the agent as long as a machine needs that is not emulated, and start it again at the next. */
async function patiently(host: SharedHost, ...call: Call): Promise<unknown> {
  for (let tries = 10; ; tries--) {
    try {
      return await host.library.call(call);
    } catch (error) {
      if (tries === 0 || !String(error).includes("the agent")) throw error;
    }
  }
}

/** What `check` says, and after it what is left once `reload` has repaired that. */
async function repaired(host: SharedHost): Promise<{ readonly found: string; readonly left: string }> {
  const found = await problems(host);
  await patiently(host, "system", "reload");
  return { found, left: await problems(host) };
}

/** Without what is said of the agent: it has a second to reply. */
async function problems(host: SharedHost): Promise<string> {
  const drift = (await patiently(host, "system", "check")) as readonly HostDrift[];
  return drift
    .filter((one) => !("resource" in one && one.resource.kind === "membership"))
    .map((one) => ("resource" in one ? `${resourceWords(one.resource)}: ${one.found ?? one.problem}` : one.problem))
    .join("\n");
}

const show = async ({ machine }: SharedHost, ...what: readonly string[]): Promise<string> =>
  (await machine.mustRun([wg, "show", link, ...what])).trim();

beforeAll(async () => {
  await enterLab();
  underlay = await Underlay.open();
  hosts = await openSharedCluster(underlay, 2);
  const options = { encrypted: "true" };
  const network = (await patiently(one(), "networks", "create", { ...web, options })) as { readonly id: string };
  id = network.id;
  link = cipherOf(id);
  containers = [await attach(one(), "web", "left"), await attach(two(), "web", "right")];
});
afterAll(async () => {
  for (const { library } of hosts) await library[Symbol.asyncDispose]();
  for (const { machine } of hosts) await machine.remove();
  await underlay[Symbol.asyncDispose]();
});

test("containers of two hosts reach each other, and the wire has WireGuard alone", async () => {
  const outside = await WireCapture.start(one().machine, wire);
  const inside = await WireCapture.start(one().machine, link);
  expect(await replying(left().space, right().addresses)).toEqual(sorted(right().addresses));
  for (const address of right().addresses)
    await left().space.mustRun(["ping", "-q", "-c", "3", "-w", "60", "-p", pattern, address], { timeout: 120_000 });
  await outside.stop();
  await inside.stop();
  const clear = Buffer.from(pattern, "hex");
  expect(inside.has(clear)).toBe(true);
  expect(outside.has(clear)).toBe(false);
  expect((await outside.packets("udp port 51820")).length).toBeGreaterThan(0);
  expect(await outside.packets("(ip or ip6) and not udp port 51820 and not icmp6")).toEqual([]);
});

test("private keys are in files of root's alone, and public ones in the cluster", async () => {
  const { networks } = (await patiently(one(), "cluster", "inspect")) as ClusterDetails;
  for (const host of hosts) {
    const { machine } = host;
    const [name = ""] = readdirSync(join(machine.root, "wireguard"));
    const file = join(machine.root, "wireguard", name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, "utf8").trim();
    expect(await show(host, "private-key")).toBe(key);
    const known = at(networks, 0).hosts.find((one) => one.name === machine.name)?.wireguard;
    expect(await show(host, "public-key")).toBe(known?.publicKey);
    expect(await show(host, "listen-port")).toBe(String(known?.port));
    const others = ["state.db", "state.db-wal", "cluster.db", "cluster.db-wal"].map((one) => join(machine.root, one));
    for (const path of others.filter((one) => existsSync(one))) {
      expect(readFileSync(path).includes(key)).toBe(false);
      expect(readFileSync(path).includes(Buffer.from(key, "base64"))).toBe(false);
    }
  }
});

test("what another program changes is named by check, and put right by reload", async () => {
  const peer = await show(one(), "peers");
  const foreign = (await one().machine.mustRun([wg, "genkey"])).trim();
  const set = (...words: readonly string[]) => one().machine.mustRun([wg, "set", link, ...words]);
  const changes: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
    [() => set("peer", peer, "remove"), /behind wg-\w+: missing/],
    [
      async () => {
        // What comes from the peer would bring the kernel back to where that is.
        await underlay.cut([1], [2]);
        await set("peer", peer, "endpoint", "192.0.2.77:9");
      },
      /is at 192\.0\.2\.77:9/,
    ],
    [() => set("peer", peer, "allowed-ips", "fe80::99/128"), /may send from fe80::99\/128/],
    [() => set("listen-port", "51999"), /has UDP port 51999/],
    [
      () =>
        one().machine.mustRun([
          "sh",
          "-ec",
          'echo "$1" | "$2" set "$3" private-key /dev/stdin',
          "sh",
          foreign,
          wg,
          link,
        ]),
      /has the key of /,
    ],
    [() => one().machine.ip(`link set ${link} down`), /is down/],
    [() => one().machine.ip(`link delete ${link}`), /link wg-\w+: missing(.|\n)*link vx-\w+: missing/],
  ];
  for (const [change, says] of changes) {
    await change();
    const drift = await repaired(one());
    await underlay.heal();
    expect(drift.found).toMatch(says);
    expect(drift.left).toBe("");
    expect(await replying(left().space, right().addresses)).toEqual(sorted(right().addresses));
  }
  const stranger = (await one().machine.mustRun(["sh", "-c", 'echo "$1" | "$2" pubkey', "sh", foreign, wg])).trim();
  await set("peer", stranger, "allowed-ips", "fe80::99/128");
  expect(await problems(one())).toBe("stray");
  await patiently(one(), "system", "gc");
  expect(await show(one(), "peers")).toBe(peer);
});

test("without the link nothing leaves in clear, whatever route there is", async () => {
  const route = (verb: string) => one().machine.mustRun(["ip", "-6", "route", verb, "default", "via", "2001:db8:2::2"]);
  await route("add");
  const outside = await WireCapture.start(one().machine, wire);
  const send = () => left().space.run(["ping", "-q", "-c", "3", "-W", "4", "-p", pattern, at(right().addresses, 0)]);
  await one().machine.ip(`link set ${link} down`);
  await send();
  await one().machine.ip(`link delete ${link}`);
  await send();
  await outside.stop();
  expect(outside.has(Buffer.from(pattern, "hex"))).toBe(false);
  expect(await outside.packets("udp port 4789")).toEqual([]);
  await route("delete");
  expect((await repaired(one())).left).toBe("");
});

test("another key comes to the other host, and the one before is gone", async () => {
  const flow = await Flow.start(left().space, right().space, at(right().addresses, 0));
  const before = await show(one(), "public-key");
  const [rotated] = (await patiently(one(), "cluster", "rotateKeys")) as readonly RotatedKey[];
  expect(rotated).toEqual({ network: "web", publicKey: await show(one(), "public-key") });
  expect(rotated?.publicKey).not.toBe(before);
  for (let tries = 20; tries > 0 && (await show(two(), "peers")) !== rotated?.publicKey; tries--) {
    await setTimeout(5000);
    // Where it took an agent too long to reply, it was ended.
    for (const host of hosts) await patiently(host, "system", "reload");
  }
  expect(await show(two(), "peers")).toBe(rotated?.publicKey);
  expect(await replying(left().space, right().addresses)).toEqual(sorted(right().addresses));
  expect(readdirSync(join(one().machine.root, "wireguard"))).toEqual([`${id}.2`]);
  const { sent, lost, longestSilence } = await flow.stop();
  process.stdout.write(`test-vm: rotation: ${lost} of ${sent} lost, ${longestSilence} ms without a reply\n`);
  expect(lost).toBeLessThan(sent);
  for (const host of hosts) expect(await problems(host)).toBe("");
});

test("a second network has a port of its own, also where the tunnel is a port of the bridge; all goes with the networks", async () => {
  const options = { encrypted: "true", mode: "l2" };
  const flat = { name: "flat", driver: "overlay", subnets: ["10.6.0.0/24"], options };
  await patiently(two(), "networks", "create", flat);
  const [a, b] = [await attach(two(), "flat", "a"), await attach(one(), "flat", "b")];
  expect(await replying(a.space, b.addresses)).toEqual(b.addresses);
  expect((await two().machine.mustRun([wg, "show", "all", "listen-port"])).match(/\d+$/gm)?.sort()).toEqual([
    "51820",
    "51821",
  ]);
  // As many bytes as the tunnel has room for: 1500, less 60 of WireGuard, 70 of VXLAN over IPv6 and 28 of the ping.
  await a.space.mustRun(["ping", "-q", "-c", "1", "-w", "60", "-M", "do", "-s", "1342", at(b.addresses, 0)], {
    timeout: 120_000,
  });
  for (const { host, endpoint } of [...containers, a, b]) await patiently(host, "endpoints", "detach", endpoint);
  for (const name of ["flat", "web"]) await patiently(one(), "networks", "remove", name);
  for (const { machine } of hosts) {
    const isGone = async () => (await machine.mustRun(["ip", "-brief", "link", "show", "type", "wireguard"])) === "";
    for (let tries = 120; tries > 0 && !(await isGone()); tries--) await setTimeout(1000);
    expect(await isGone()).toBe(true);
    expect(readdirSync(join(machine.root, "wireguard"))).toEqual([]);
  }
});

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RawOptions } from "../../src/api/index.js";
import { libc } from "../../src/kernel/libc.js";
import { CLONE_NEWNET, OWN_NETNS, openNetns } from "../../src/kernel/netns/netns.js";
import { wireguardPeerSweeper } from "../../src/kernel/orphans/orphan-wireguard-peers.js";
import { publicKeyOf } from "../../src/kernel/wireguard/private-keys.js";
import { driver, OverlayHost, reaches, sh } from "../kernel/drivers/overlay-hosts.js";
import { WireCapture } from "../support/cluster/wire-capture.js";
import { eventually } from "../support/eventually.js";
import { Namespace } from "../support/lab/namespace.js";

/** Kernels of other machines may have no WireGuard. Debian's package of its tool, which judges what the kernel has. */
const wg = resolve(".runtime/vm/wireguard-tools/usr/bin/wg");
const link = "wg-555555555555";
const tunnel = "vx-555555555555";
/** In each ping: what must be on no wire. */
const pattern = "7473642d696e2d636c656172";
const clear = Buffer.from(pattern, "hex");
const encrypted = { encrypted: "true" };
const scratch = mkdtempSync(join(tmpdir(), "tsd-captures-"));

let hosts: readonly OverlayHost[] = [];
const one = (): OverlayHost => at(0);
const two = (): OverlayHost => at(1);

function at(index: number): OverlayHost {
  const found = hosts[index];
  if (found === undefined) throw new Error(`there is no host ${index}`);
  return found;
}

/** The network on both hosts, with a container each: what drivers list, as the engine would have it made. */
async function span(options: RawOptions): Promise<void> {
  for (const each of hosts) await each.make(driver.network(each.network(options, each.encryptedPlace())));
  await meet(options);
  for (const each of hosts) {
    const network = each.network(options, each.encryptedPlace());
    await each.attach(network, [`10.5.${each.number - 1}.11`, `fd00:5::${each.number - 1}:11`]);
  }
  if (options.mode !== "l2") return;
  for (const [each, other] of [[one(), two()] as const, [two(), one()] as const]) {
    const network = each.network(options, each.encryptedPlace());
    await each.make(driver.peer(network, other.endpointAsPeer(0, other.encryptedPlace())));
  }
}

/** Each host is made a peer of the other. */
async function meet(options: RawOptions): Promise<void> {
  for (const [each, other] of [[one(), two()] as const, [two(), one()] as const]) {
    const network = each.network(options, each.encryptedPlace());
    await each.make(driver.peer(network, other.asPeer(other.encryptedPlace())));
  }
}

const addressesOf = (host: OverlayHost): readonly string[] => host.containers[0]?.addresses ?? [];
const space = (host: OverlayHost): string => host.containers[0]?.netns ?? "";
const silent = (): Promise<readonly string[]> => reaches(space(one()), addressesOf(two()), "-c 4 -W 20");
const capture = (host: OverlayHost, of: string) => WireCapture.start(new Namespace(host.netns), of, scratch);
const show = (host: OverlayHost, what: string): string => sh(`${wg} show ${link} ${what}`, host.netns).trim();
const send = (count: number): string =>
  sh(`ping -q -c ${count} -i 0.2 -W 5 -p ${pattern} ${addressesOf(two())[0]} || true`, space(one()));

/** With this thread in the namespace until it is done. */
async function within(netns: string, work: () => Promise<void>): Promise<void> {
  const [home, there] = [openSync(OWN_NETNS, "r"), openNetns(netns)];
  libc().setns(there, CLONE_NEWNET);
  try {
    await work();
  } finally {
    libc().setns(home, CLONE_NEWNET);
    for (const descriptor of [home, there]) closeSync(descriptor);
  }
}

beforeAll(async () => {
  execFileSync("sh", ["-ec", "ip link add wire up type bridge forward_delay 0 mcast_snooping 0"]);
  hosts = [1, 2].map((number) => new OverlayHost(number));
  await span(encrypted);
});
afterAll(() => {
  for (const host of hosts) host.close();
  execFileSync("ip", ["link", "delete", "wire"]);
});

test("containers of two hosts reach each other, and the wire has WireGuard alone", async () => {
  const [outside, inside] = [await capture(one(), "eth0"), await capture(one(), link)];
  expect(await silent()).toEqual([]);
  send(3);
  for (const each of [outside, inside]) await each.stop();
  expect(inside.has(clear)).toBe(true);
  expect(outside.has(clear)).toBe(false);
  expect((await outside.packets("udp port 51821 and udp port 51822")).length).toBeGreaterThan(0);
  expect(await outside.packets("(ip or ip6) and not udp port 51821 and not icmp6")).toEqual([]);
  for (const host of hosts) expect(await host.drift()).toEqual([]);
});

test("the kernel has the key of the file, which root alone reads", () => {
  for (const host of hosts) {
    const [name = ""] = readdirSync(host.keys);
    const key = readFileSync(join(host.keys, name), "utf8").trim();
    expect(show(host, "private-key")).toBe(key);
    expect(show(host, "public-key")).toBe(publicKeyOf(Buffer.from(key, "base64")));
    expect(show(host, "listen-port")).toBe(String(51_820 + host.number));
  }
});

test("what another program changes differs, and is put right", async () => {
  const peer = show(one(), "peers");
  const foreign = execFileSync(wg, ["genkey"], { encoding: "utf8" }).trim();
  const file = join(scratch, "foreign");
  writeFileSync(file, foreign, { mode: 0o600 });
  const set = (words: string): string => sh(`${wg} set ${link} ${words}`, one().netns);
  const cut = (how: string): string => sh(`ip link set u2 ${how}`, "/proc/1/ns/net");
  const changes: readonly (readonly [change: () => unknown, says: RegExp])[] = [
    [() => set(`peer ${peer} remove`), /^wireguard peer missing$/],
    [() => set(`peer ${peer} endpoint 192.0.2.77:9`), /^wireguard peer different is at 192\.0\.2\.77:9$/],
    [() => set(`peer ${peer} allowed-ips fe80::99/128`), /^wireguard peer different may send from fe80::99\/128$/],
    [() => set("listen-port 51999"), /^wireguard different has UDP port 51999$/],
    [() => set(`private-key ${file}`), /^wireguard different has the key of /],
    [() => sh(`ip link set ${link} down`, one().netns), /^link different is down$/m],
    [() => sh(`ip link delete ${link}`, one().netns), /^link missing$/m],
  ];
  for (const [change, says] of changes) {
    // What comes from the peer would bring the kernel back to where that is.
    cut("down");
    change();
    const found = await one().drift();
    cut("up");
    expect(found.join("\n")).toMatch(says);
    await one().again();
    expect(await one().drift()).toEqual([]);
    expect(await silent()).toEqual([]);
  }
  const stranger = execFileSync(wg, ["pubkey"], { input: foreign, encoding: "utf8" }).trim();
  set(`peer ${stranger} allowed-ips fe80::99/128`);
  const sweeper = wireguardPeerSweeper("tsd /overlay-test");
  await within(one().netns, async () => {
    const orphans = await sweeper.orphans(() => one().resources);
    expect(orphans.map(({ what }) => what)).toEqual([`${stranger} of ${link}`]);
    await sweeper.sweep(orphans);
  });
  expect(show(one(), "peers")).toBe(peer);
});

test("a host that sends from another address of its own is where the kernel heard it", async () => {
  sh("ip address add 192.0.2.22/24 dev eth0 && ip route replace 192.0.2.0/24 dev eth0 src 192.0.2.22", two().netns);
  // With an endpoint that is set again the kernel forgets which address of its own it sent from.
  await two().again();
  await eventually(async () => {
    sh(`ping -q -c 1 -W 5 ${addressesOf(one())[0]}`, space(two()));
    expect(show(one(), "endpoints")).toMatch("192.0.2.22:51822");
  });
  expect(await one().drift()).toEqual([]);
  expect(await silent()).toEqual([]);
  sh("ip route replace 192.0.2.0/24 dev eth0 src 192.0.2.2 && ip address delete 192.0.2.22/24 dev eth0", two().netns);
  for (const each of hosts) await each.again();
  expect(await silent()).toEqual([]);
});

test("without the link nothing leaves in clear, whatever route there is", async () => {
  sh("ip -6 route add default via 2001:db8::2 dev eth0", one().netns);
  const outside = await capture(one(), "eth0");
  sh(`ip link set ${link} down`, one().netns);
  send(5);
  sh(`ip link delete ${link}`, one().netns);
  expect(sh("ip -brief link", one().netns)).not.toContain(tunnel);
  send(5);
  await outside.stop();
  expect(outside.has(clear)).toBe(false);
  expect(await outside.packets("udp port 4789")).toEqual([]);
  sh("ip -6 route delete default", one().netns);
  await one().again();
  expect(await silent()).toEqual([]);
});

test("another key takes the place of one in use, and packets wait for it", async () => {
  const before = show(one(), "public-key");
  const flow = new Namespace(space(one())).start(
    ["ping", "-q", "-c", "150", "-i", "0.2", "-W", "20", addressesOf(two())[0] ?? ""],
    { timeout: 300_000 },
  );
  const network = one().network(encrypted, one().encryptedPlace(2));
  const settings = driver.network(network).filter(({ kind }) => kind === "wireguard");
  await one().ensure(settings);
  const renewed = one().asPeer(one().encryptedPlace(2));
  expect(show(one(), "public-key")).toBe(renewed.wireguard?.publicKey);
  expect(renewed.wireguard?.publicKey).not.toBe(before);
  const far = two().network(encrypted, two().encryptedPlace());
  const [former, next] = [one().asPeer(one().encryptedPlace()), renewed].map((peer) =>
    driver.peer(far, peer).filter(({ kind }) => kind === "wireguard peer"),
  );
  await two().remove(former ?? []);
  await two().ensure(next ?? []);
  expect(show(two(), "peers")).toBe(renewed.wireguard?.publicKey);
  const { stdout } = await flow.ended;
  process.stdout.write(`test-vm: while a key is rotated: ${/^.*transmitted.*$/m.exec(stdout)?.[0]}\n`);
  expect(stdout).not.toContain(" 0 received");
  expect(await silent()).toEqual([]);
});

test("the tunnel may be a port of the bridge; a packet of the largest size passes; all goes with the network", async () => {
  for (const host of hosts) await host.clear();
  await span({ ...encrypted, mode: "l2" });
  expect(await silent()).toEqual([]);
  for (const host of hosts) expect(await host.drift()).toEqual([]);
  // 1500, less 60 of WireGuard, 70 of VXLAN over IPv6 and 28 of the ping.
  sh(`ping -q -c 3 -W 20 -M do -s 1342 ${addressesOf(two())[0]}`, space(one()));
  for (const host of hosts) {
    await host.clear();
    expect(sh("ip -brief link show type wireguard; ip -brief link show type vxlan", host.netns)).toBe("");
  }
});

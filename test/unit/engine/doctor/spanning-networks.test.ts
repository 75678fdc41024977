import { expect, test } from "@jest/globals";
import type { ForwardedPacket, VxlanLink } from "../../../../src/api/index.js";
import type { NetworkRow, PeerRow } from "../../../../src/contracts/index.js";
import {
  droppedFrames,
  lostUnderlays,
  narrowUnderlays,
  silentHosts,
} from "../../../../src/engine/doctor/spanning-networks.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { idFrom, networkRow } from "../../store/support/rows.js";

const id = idFrom("a1a");

/** A network whose tunnel is at that address. */
function spanning(local = "192.0.2.1"): NetworkRow {
  const row = networkRow(id, "web");
  const cluster = { vni: 4097, host: "a", address: local, mtu: 1500, mac: "02:00:00:00:00:01", blocks: [] };
  const tunnel: VxlanLink = {
    ...{ kind: "link", type: "vxlan", name: "vx-web", mac: "02:00:00:00:00:02" },
    ...{ mtu: 1430, vni: 4097, local, port: 4789 },
  };
  return { ...row, network: { ...row.network, cluster }, resources: [tunnel] };
}

function peer(host: string, address: string): PeerRow {
  const { owner } = networkRow(id, "web");
  const base = { id: idFrom("b1b"), networkId: id, host, address, mac: "02:00:00:00:00:03" };
  return { id: base.id, state: "ready", owner, resources: [], peer: { kind: "host", ...base, blocks: [] } };
}

const addresses = () => [
  { link: "eth0", address: "192.0.2.1/24" },
  { link: "eth0", address: "2001:db8::1/64" },
];

test.each([
  ["192.0.2.1", 1480, 0],
  ["192.0.2.1", 1479, 1],
  ["2001:db8::1", 1500, 0],
  ["2001:db8::1", 1499, 1],
])("a tunnel of MTU 1430 from %s by a link that carries %d is a finding %d times", (local, mtu, times) => {
  const found = narrowUnderlays({ addresses, linkMtu: () => mtu }, [spanning(local)]);
  expect(found).toHaveLength(times);
  for (const { problem } of found) expect(problem).toMatch(`while eth0 carries ${mtu}`);
});

test("an address that the host has no more is a finding", () => {
  expect(lostUnderlays({ addresses }, [spanning()])).toEqual([]);
  expect(lostUnderlays({ addresses }, [spanning("192.0.2.77")])).toEqual([
    expect.objectContaining({ problem: expect.stringMatching(/no address 192\.0\.2\.77 any more/) }),
  ]);
});

test("a chain that drops frames of other hosts is a finding, and is asked about each of them", async () => {
  const asked: ForwardedPacket[] = [];
  const inputDrops = async (packets: readonly ForwardedPacket[]) => {
    asked.push(...packets);
    const chain = { tool: "nft", family: "inet", table: "filter", name: "input" } as const;
    return [{ chain, words: "table inet filter, chain input (policy drop)", packets }];
  };
  const peersOf = () => [peer("b", "192.0.2.9")];
  const found = await droppedFrames({ addresses, inputDrops }, [spanning()], { peersOf, backend: "iptables" });
  await droppedFrames({ addresses, inputDrops }, [spanning()], { peersOf, backend: "nftables" });
  const peersBy6 = () => [peer("b", "2001:db8::9")];
  await droppedFrames({ addresses, inputDrops }, [spanning("2001:db8::1")], { peersOf: peersBy6, backend: "nftables" });
  const frame = {
    ...{ from: "eth0", to: "", family: 4, protocol: "udp", port: 4789 },
    ...{ source: "192.0.2.9", destination: "192.0.2.1" },
  };
  expect(asked).toEqual([
    { ...frame, state: "new" },
    { ...frame, state: "untracked" },
    { ...frame, family: 6, source: "2001:db8::9", destination: "2001:db8::1", state: "new" },
  ]);
  expect(found.map(({ problem }) => problem)).toEqual([
    "table inet filter, chain input (policy drop) drops what other hosts send to UDP port 4789 of this one (192.0.2.9 for one), which networks that span hosts need",
  ]);
});

/** The same, encrypted. */
function encrypted(): NetworkRow {
  const row = spanning();
  const cipher = { kind: "wireguard", link: "wg-web", network: id, generation: 1, port: 51_820 } as const;
  const [tunnel] = row.resources as readonly VxlanLink[];
  return { ...row, resources: [cipher, { ...(tunnel as VxlanLink), mtu: 1370, local: "fe80::1", parent: "wg-web" }] };
}

test.each([
  [1500, 0],
  [1499, 1],
])("an encrypted tunnel of MTU 1370 by a link that carries %d is a finding %d times", (mtu, times) => {
  const found = narrowUnderlays({ addresses, linkMtu: () => mtu }, [encrypted()]);
  expect(found).toHaveLength(times);
  for (const { problem } of found) expect(problem).toMatch("packets to other hosts have 1500 bytes");
  expect(lostUnderlays({ addresses }, [encrypted()])).toEqual([]);
});

test("a chain is asked about what is encrypted, and about what comes out of the link that does it", async () => {
  const asked: ForwardedPacket[] = [];
  const inputDrops = async (packets: readonly ForwardedPacket[]) => {
    asked.push(...packets);
    return [];
  };
  const where = { address: "192.0.2.9", port: 51_821, inner: "fe80::9" };
  const behind = { kind: "wireguard peer", link: "wg-web", publicKey: "k", ...where } as const;
  const peersOf = () => [{ ...peer("b", "192.0.2.9"), resources: [behind] }];
  await droppedFrames({ addresses, inputDrops }, [encrypted()], { peersOf, backend: "nftables" });
  expect(asked.map(({ from, port, source, destination, state }) => [from, port, source, destination, state])).toEqual([
    ["eth0", 51_820, "192.0.2.9", "192.0.2.1", "new"],
    ["wg-web", 4789, "fe80::9", "fe80::1", "untracked"],
  ]);
});

type Parts = Parameters<typeof silentHosts>[0];

function partsWith(alive: readonly string[], fails?: TsdError): Parts {
  const record = (name: string) => ({
    address: "192.0.2.9",
    epoch: "e",
    joined: "",
    version: "1",
    isAlive: alive.includes(name),
  });
  const read = async () => {
    if (fails !== undefined) throw fails;
    return { hosts: new Map(["a", "b", "c"].map((name) => [name, record(name)])), networks: new Map() };
  };
  return {
    membership: () => ({ cluster: "default", clusterId: "i", host: "a", address: "192.0.2.1", epoch: "e", joined: "" }),
    cluster: async () => ({ read }),
    store: { peers: { ofNetwork: () => [peer("b", "192.0.2.9")] } },
  } as unknown as Parts;
}

test.each<[readonly string[], readonly RegExp[]]>([
  [["a", "b"], []],
  [["a"], [/^host b \(192\.0\.2\.9\) keeps no lease/]],
  [["b", "c"], [/^the agent of this host \(a\) does not keep its lease/]],
])("where hosts %j live, others of its networks are findings", async (alive, problems) => {
  const found = await silentHosts(partsWith(alive), [spanning()]);
  expect(found.map(({ problem }) => problem)).toEqual(problems.map((one) => expect.stringMatching(one)));
});

test("a cluster that cannot be asked is a finding by itself, and none is asked without a network", async () => {
  const fails = new TsdError({ kind: "runtime", code: "TSD_X", message: "etcd is away", hint: "Start it." });
  expect(await silentHosts(partsWith([], fails), [spanning()])).toEqual([
    { problem: "etcd is away", remedy: "Start it." },
  ]);
  expect(await silentHosts(partsWith([], fails), [networkRow(id, "web")])).toEqual([]);
});

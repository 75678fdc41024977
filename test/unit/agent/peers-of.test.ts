import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { peersOf } from "../../../src/agent/peers/peers-of.js";
import { placesOf } from "../../../src/agent/records/record-places.js";
import { SharedRecords } from "../../../src/agent/records/shared-records.js";
import { contains, overlaps, readCidr } from "../../../src/ipam/cidr.js";
import { anyRecord } from "../../support/agent/any-record.js";
import {
  encryptedNetwork,
  endpointId,
  keyOf,
  keys,
  localNetwork,
  networkId,
  recordsOf,
  sharedSubnets,
} from "../../support/agent/networks.js";

const own = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.2"], names: ["db"] };
const local = localNetwork([own]);
const remote = { host: "h2", mac: "02:42:00:00:00:01", addresses: ["10.5.2.2"], names: ["api"] };

/** What this host makes of records, written one after the other. */
function judge(records: Readonly<Record<string, unknown>>, here = local) {
  const places = placesOf(keys, here.network);
  const known = new SharedRecords();
  const written = Object.entries(records).map(([key, value], at) => {
    const text = typeof value === "string" && value.startsWith("!") ? value.slice(1) : JSON.stringify(value);
    return { key, value: text, created: at + 1, modified: at + 1 };
  });
  for (const prefix of [places.hosts, ...places.ofNetwork])
    known.take(prefix, { revision: 100, records: written.filter(({ key }) => key.startsWith(prefix)) });
  const [hosts, members, blocks, endpoints, held] = [places.hosts, ...places.ofNetwork].map((one) => known.below(one));
  if (!hosts || !members || !blocks || !endpoints || !held) throw new Error("a prefix is missing");
  return peersOf({ hosts, members, blocks, endpoints, held }, here, sharedSubnets);
}

const member = (host: string): string => keys.member(networkId, host);
const block = (cidr: string): string => keys.block(networkId, cidr);
const endpoint = (id: string): string => keys.endpoint(networkId, id);
const memberOf2 = { address: "192.0.2.2", epoch: "epoch-of-h2", mac: "02:00:00:00:00:02", isUsed: true };

test("hosts and endpoints that keep to the network become peers", () => {
  const { peers, ignored } = judge({
    ...recordsOf(1),
    ...recordsOf(2),
    ...recordsOf(3),
    [block("10.5.1.0/26")]: "h2",
    [endpoint(endpointId("a"))]: remote,
    [keys.held(networkId, "10.5.200.9")]: "h3",
    [endpoint(endpointId("b"))]: { host: "h3", mac: "02:42:00:00:00:02", addresses: ["10.5.200.9"], names: [] },
    [endpoint(own.id)]: { host: "h1", ...own },
  });
  expect(ignored).toEqual(new Map());
  expect(peers).toMatchObject([
    { kind: "host", host: "h2", address: "192.0.2.2", blocks: ["10.5.2.0/26", "fd05::2:0/112", "10.5.1.0/26"] },
    { kind: "host", host: "h3", address: "192.0.2.3", mac: "02:00:00:00:00:03" },
    { kind: "endpoint", host: "h2", address: "192.0.2.2", addresses: ["10.5.2.2"], names: ["api"] },
    { kind: "endpoint", host: "h3", addresses: ["10.5.200.9"] },
  ]);
});

/** Written beside what h2 has, and what is then said of the last of them. */
const hostile: readonly (readonly [what: string, records: Readonly<Record<string, unknown>>, fault: string])[] = [
  ["no JSON", { [member("h3")]: "!{" }, "it is not JSON"],
  ["junk", { [member("h3")]: 7 }, "it is not an object"],
  ["a megabyte", { [member("h3")]: "x".repeat(2 ** 20) }, "characters"],
  ["a name that speaks to the terminal", { [member("h3\u001b[2J")]: memberOf2 }, "no name of a host"],
  ["a member that never joined", { [member("h3")]: memberOf2 }, "not in the cluster"],
  [
    "a member of an earlier state",
    { ...recordsOf(3), [member("h3")]: { ...memberOf2, epoch: "old" } },
    "earlier state",
  ],
  [
    "another address",
    { ...recordsOf(3), [member("h3")]: { ...memberOf2, epoch: "epoch-of-h3" } },
    "that of the host is 192.0.2.3",
  ],
  ["a MAC address of ours", withMember(3, { mac: local.network.cluster.mac }), "MAC address of this host"],
  ["a MAC address of a container of ours", withMember(3, { mac: own.mac }), "MAC address of this host"],
  ["a MAC address of our bridge", withMember(3, { mac: "02:00:00:00:00:0b" }), "MAC address of this host"],
  ["a MAC address of none", withMember(3, { mac: "00:00:00:00:00:00" }), "is no MAC address"],
  ["a MAC address of a group", withMember(3, { mac: "01:00:5e:00:00:01" }), "is not a MAC address"],
  ["a MAC address of h2", withMember(3, { mac: "02:00:00:00:00:02" }), "is that of host h2 already"],
  ["our own address", withAddress("192.0.2.1"), "this host's own address"],
  ["the address of h2", withAddress("192.0.2.2"), "is that of host h2 already"],
  ["an address within the network", withAddress("10.5.9.9"), "within the network itself"],
  ["a loopback address", withAddress("127.0.0.1"), "no address by which"],
  ["a group's address", withAddress("239.0.0.1"), "no address by which"],
  ["no address at all", withAddress("0.0.0.0"), "no address by which"],
  ["an address of the other family", withAddress("2001:db8::1"), "no address by which"],
  ["all of the Internet as a block", { [block("0.0.0.0/0")]: "h2" }, "not within the network"],
  ["all of the network as a block", { [block("10.5.0.0/16")]: "h2" }, "prefix length 26"],
  ["a block within a block", { [block("10.5.3.0/27")]: "h2" }, "prefix length 26"],
  ["a block of ours", { [block("10.5.0.0/26")]: "h2" }, "is this host's"],
  ["a block with host bits", { [block("10.5.3.1/26")]: "h2" }, "no block of addresses"],
  ["a block that is none", { [`${keys.blocks(networkId)}x`]: "h2" }, "no block of addresses"],
  ["a block of a stranger", { [block("10.5.3.0/26")]: "h9" }, "no member of the network"],
  ["an endpoint of a stranger", { [endpoint(endpointId("a"))]: { ...remote, host: "h9" } }, "no member of the network"],
  ["a key that is no id", { [endpoint("x")]: remote }, "no id of an endpoint"],
  ["the id of an endpoint of ours", { [endpoint(own.id)]: remote }, "an endpoint of this host"],
  [
    "an address of another host's",
    { ...recordsOf(3), ...withEndpoint({ addresses: ["10.5.3.2"] }) },
    "in no block of host h2",
  ],
  [
    "an address that another host holds",
    { ...recordsOf(3), [keys.held(networkId, "10.5.200.9")]: "h3", ...withEndpoint({ addresses: ["10.5.200.9"] }) },
    "in no block of host h2",
  ],
  ["an address of ours", withEndpoint({ addresses: ["10.5.0.2"] }), "that of an endpoint of this host"],
  ["our own address in the network", withEndpoint({ addresses: ["10.5.0.0"] }), "the network address of the network"],
  ["our own address of IPv6", withEndpoint({ addresses: ["fd05::"] }), "the routers' address of the network"],
  ["the gateway", withEndpoint({ addresses: ["10.5.0.1"] }), "gateway"],
  ["an address of the Internet", withEndpoint({ addresses: ["8.8.8.8"] }), "not within the network"],
  ["our tunnel's address", withEndpoint({ addresses: ["fd05::2"] }), "this host's own address in the network"],
  ["the tunnel's address of its host", withEndpoint({ addresses: ["10.5.2.0"] }), "another record has 10.5.2.0"],
  ["the tunnel's address of h2", heldLater("10.5.2.0"), "in no block of host h3"],
  ["an address of a block, held later", heldLater("10.5.2.9"), "in no block of host h3"],
  ["an address of our block, held later", heldLater("10.5.0.9"), "in no block of host h3"],
  ["the MAC address of its host", withEndpoint({ mac: "02:00:00:00:00:02" }), "another record has"],
  ["the MAC address of our container", withEndpoint({ mac: own.mac }), "MAC address of this host"],
  ["a name that begins a line", withEndpoint({ names: ["a\nb"] }), "is not a name"],
  ["a name with a space", withEndpoint({ names: ["a b"] }), "is not a name"],
  [
    "an address twice",
    { [endpoint(endpointId("9"))]: remote, ...withEndpoint({ mac: "02:42:00:00:00:09" }) },
    "another record has 10.5.2.2",
  ],
];

function withMember(number: number, change: object): Readonly<Record<string, unknown>> {
  const records = recordsOf(number);
  return { ...records, [member(`h${number}`)]: { ...(records[member(`h${number}`)] as object), ...change } };
}

function withAddress(address: string): Readonly<Record<string, unknown>> {
  const records = withMember(3, { address });
  return { ...records, [keys.host("h3")]: { ...(records[keys.host("h3")] as object), address } };
}

/** An address that h3 holds, in a block that another host has. */
function heldLater(address: string): Readonly<Record<string, unknown>> {
  return {
    ...recordsOf(1),
    ...recordsOf(3),
    [keys.held(networkId, address)]: "h3",
    ...withEndpoint({ host: "h3", addresses: [address] }),
  };
}

test("an address that was held before there was the block around it stays with who held it", () => {
  const { peers, ignored } = judge({
    [keys.held(networkId, "10.5.2.9")]: "h3",
    [keys.held(networkId, "10.5.0.9")]: "h3",
    ...recordsOf(1),
    ...recordsOf(2),
    ...recordsOf(3),
    ...withEndpoint({ host: "h3", addresses: ["10.5.2.9", "10.5.0.9"] }),
    [endpoint(endpointId("b"))]: { ...remote, mac: "02:42:00:00:00:02", addresses: ["10.5.2.9"] },
  });
  expect(peers.at(-1)).toMatchObject({ kind: "endpoint", host: "h3", addresses: ["10.5.2.9", "10.5.0.9"] });
  expect([...ignored.values()]).toEqual(["10.5.2.9 is in no block of host h2, nor held by it"]);
});

function withEndpoint(change: object): Readonly<Record<string, unknown>> {
  return { [endpoint(endpointId("a"))]: { ...remote, ...change } };
}

test.each(hostile)("%s is ignored, and takes nothing else with it", (_, records, fault) => {
  const { peers, ignored } = judge({ ...recordsOf(2), ...records });
  expect([...ignored.values()].join("\n")).toContain(fault);
  expect(ignored.size).toBe(1);
  expect(peers[0]).toMatchObject({ kind: "host", host: "h2", blocks: ["10.5.2.0/26", "fd05::2:0/112"] });
});

test.each([
  ["no host has", {}],
  ["another host has claimed since", { ...recordsOf(3), [keys.held(networkId, "10.5.200.9")]: "h3" }],
  ["this host has claimed since", { [keys.held(networkId, "10.5.200.9")]: "h1" }],
])("an endpoint with an address that %s was left over by its host, which no one need hear of", (_, since) => {
  const left = withEndpoint({ addresses: ["10.5.200.9"] });
  const claimed = localNetwork([own, { ...own, id: endpointId("2"), addresses: ["10.5.200.9"] }]);
  for (const here of [local, claimed]) {
    const { peers, ignored } = judge({ ...recordsOf(2), ...left, ...since }, here);
    expect(peers.filter(({ kind }) => kind === "endpoint")).toEqual([]);
    expect(ignored).toEqual(new Map());
  }
});

/** Written by h3 beside h2, which has the key `b`. */
const ends: readonly (readonly [what: string, wireguard: unknown, fault: string])[] = [
  ["no key", undefined, "the network is encrypted, and the host has no key"],
  ["our own key", { publicKey: keyOf("a"), port: 51_820 }, "is this host's own key"],
  ["the key of h2", { publicKey: keyOf("b"), port: 51_820 }, "is that of host h2 already"],
  ["the key of h2 in another form", { publicKey: `${"b".repeat(42)}B=`, port: 51_820 }, "is not a key"],
  ["a key that is too short", { publicKey: `${"c".repeat(41)}A=`, port: 51_820 }, "is not a key"],
  ["a key with a line behind it", { publicKey: `${keyOf("c")}\n`, port: 51_820 }, "is not a key"],
  ["port 0", { publicKey: keyOf("c"), port: 0 }, "port"],
  ["a port that is none", { publicKey: keyOf("c"), port: 65_536 }, "port"],
];

test.each(ends)(
  "on an encrypted network %s is left out, and h2 is followed all the same",
  (_what, wireguard, fault) => {
    const withKey = withMember(2, { wireguard: { publicKey: keyOf("b"), port: 51_821 } });
    const { peers, ignored } = judge({ ...withKey, ...withMember(3, { wireguard }) }, encryptedNetwork());
    expect(peers).toMatchObject([{ host: "h2", wireguard: { publicKey: keyOf("b"), port: 51_821 } }]);
    expect(ignored.get("members/h3")).toContain(fault);
  },
);

test("an endpoint on an encrypted network has the tunnel's end of its host, and a network in clear has no keys", () => {
  const records = {
    ...withMember(2, { wireguard: { publicKey: keyOf("b"), port: 51_820 } }),
    [endpoint(endpointId("a"))]: remote,
  };
  expect(judge(records, encryptedNetwork()).peers).toMatchObject([{ kind: "host" }, { hostMac: "02:00:00:00:00:02" }]);
  const clear = judge(records).peers;
  expect(clear.map((peer) => [Reflect.get(peer, "wireguard"), Reflect.get(peer, "hostMac")])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("whatever others write, no peer has anything of this host's, of two hosts, or of outside the network", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 30 }), (written) => {
      const { peers } = judge({ ...recordsOf(2), ...recordsOf(3), ...Object.fromEntries(written) });
      const taken = peers.flatMap((peer) => [peer.mac, ...(peer.kind === "host" ? peer.blocks : peer.addresses)]);
      expect(new Set(taken).size).toBe(taken.length);
      expect(new Set(peers.map(({ id }) => id)).size).toBe(peers.length);
      const { mac, blocks } = local.network.cluster;
      for (const ours of [mac, own.mac, ...own.addresses, ...blocks]) expect(taken).not.toContain(ours);
      for (const peer of peers) expect(`${peer.host} ${peer.address}`).toMatch(/^h[23] 192\.0\.2\.[23]$/);
      for (const one of peers.flatMap((peer) => (peer.kind === "host" ? peer.blocks.map(cidrOf) : []))) {
        expect(local.network.subnets.some(({ cidr }) => contains(cidrOf(cidr), one))).toBe(true);
        expect(blocks.some((ours) => overlaps(cidrOf(ours), one))).toBe(false);
      }
      const names = peers.flatMap((peer) => (peer.kind === "endpoint" ? peer.names : []));
      expect(names.filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

function cidrOf(text: string) {
  const parsed = readCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no CIDR`);
  return parsed.cidr;
}

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../../src/api/index.js";
import { TsdError } from "../../../src/api/index.js";
import { readResources } from "../../../src/plugins/returned/read-resources.js";

const networkId = "a".repeat(64);
const endpointId = "e".repeat(64);
const netns = "/run/tsd/netns/x";
const uplinks = [{ name: "uplink0", forwarding: false }];
const chain = { tool: "nft", family: "inet", table: "filter", name: "forward" } as const;
const subnets = [{ cidr: "10.0.0.0/24", gateway: "10.0.0.1" }];
const network = { id: networkId, uplinks, passages: [chain], subnets, options: {} };
const ports = [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }] as const;
const mac = "02:42:00:00:00:02";
const endpoint = { id: endpointId, netns, interface: "eth0", addresses: ["10.0.0.5/24"], mac, ports };
const vocabulary = {
  hasKind: (kind: string) => kind === "tunnel",
  hasLinkType: (type: string) => type === "macsec",
};

const ofNetwork = (answer: unknown) => readResources(answer, vocabulary, { network });
const ofEndpoint = (answer: unknown) => readResources(answer, vocabulary, { network, endpoint, networkLinks: ["br0"] });

const bridge = { kind: "link", type: "bridge", name: "br0", mac: "02:42:00:00:00:01", mtu: 1400 };
const veth = {
  kind: "link",
  type: "veth",
  name: "v0",
  master: "br0",
  peer: { netns, name: "eth0", mac: "02:42:00:00:00:02" },
};
const owned = { owner: networkId, bridge: "br0" };

describe("a list of a network", () => {
  test("of every kind that a driver may list is the same list, as a copy", () => {
    const list = [
      bridge,
      { kind: "link", type: "macsec", name: "ms0", port: 1, key: { id: "x" } },
      { kind: "address", link: "br0", address: "10.0.0.1/24" },
      { kind: "route", destination: "10.0.0.64/26", gateway: "10.0.0.2", link: "br0", metric: 5 },
      { kind: "sysctl", key: "net/ipv4/conf/br0/proxy_arp", value: "1" },
      {
        kind: "sysctl",
        key: "net/ipv4/conf/uplink0/forwarding",
        value: "1",
        unless: { key: "net/ipv4/conf/all/forwarding", value: "1" },
      },
      { kind: "sysctl", key: "net/ipv6/conf/all/forwarding", value: "1" },
      { kind: "localnet", link: "br0" },
      { kind: "masquerade", ...owned, subnet: "10.0.0.0/24" },
      { kind: "isolate", ...owned, apart: true },
      { kind: "passage", ...owned, subnets: ["10.0.0.0/24"], chain },
      { kind: "tunnel", name: "t0", nested: [{ a: [1, null, true] }] },
    ];
    const read = ofNetwork(list);
    expect(read).toEqual(list);
    expect(read[0]).not.toBe(list[0]);
  });

  test.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /^it returned a list of resources with nothing/],
    ["text", "br0", /^it returned a string, where a list of resources is expected$/],
    [
      "100,000 resources",
      Array.from({ length: 100_000 }, () => bridge),
      /^it returned 100000 resources, where at most 4096 are accepted$/,
    ],
    ["a huge and empty list", new Array(4_000_000_000), /^it returned 4000000000 resources/],
    ["a megabyte", [{ kind: "tunnel", name: "x".repeat(2_000_000) }], /too large$/],
    ["null", [null], /^it returned null as resource 1$/],
    ["a list in it", [[]], /a list as resource 1$/],
    ["a resource without a kind", [{}], /resource 1 without a kind$/],
    [
      "an unknown kind",
      [{ kind: "tunnel\u001b[31m" }],
      /resource 1 of kind "tunnel\\x1b\[31m", which no extension brings$/,
    ],
    ["an inherited kind", [{ kind: "constructor" }], /resource 1 of kind "constructor", which no extension brings$/],
    [
      "a file",
      [{ kind: "file", path: "/etc/passwd", content: "" }],
      /resource 1 of kind file, and paths are tsd's own$/,
    ],
    ["a directory", [{ kind: "directory", path: "/run/tsd/../../etc" }], /of kind directory, and paths are tsd's own$/],
    ["a namespace", [{ kind: "netns", path: "/run/netns/x" }], /of kind netns, and paths are tsd's own$/],
    ["a mount", [{ kind: "overlay", path: "/", lower: [], upper: "", work: "" }], /of kind overlay/],
    [
      "a link of an unknown type",
      [{ ...bridge, type: "wormhole" }],
      /a link of type "wormhole", which no extension brings$/,
    ],
    [
      "a link that is named a path",
      [{ ...bridge, name: "../x" }],
      /whose name is "..\/x", which is not an interface name/,
    ],
    ["a link that is named at length", [{ ...bridge, name: "b".repeat(16) }], /whose name is "b{16}"/],
    ["a link that is named all", [{ ...bridge, name: "all" }], /whose name is "all"/],
    ["a link without a name", [{ kind: "link", type: "bridge" }], /whose name is missing/],
    ["a link with more than it has", [{ ...bridge, colour: "red" }], /with the unknown field "colour"$/],
    ["the host's lo", [{ kind: "link", type: "loopback", name: "lo" }], /which is the host's$/],
    ["two links of one name", [bridge, bridge], /^it returned two links with the name "br0"$/],
    ["a namespace of another's", [{ ...bridge, netns }], /in a namespace, where a network has only the host$/],
    [
      "another's intent",
      [{ kind: "isolate", owner: endpointId, bridge: "br0" }],
      /whose owner is "e+", and not a{12}$/,
    ],
    [
      "a parameter outside of net",
      [{ kind: "sysctl", key: "kernel/core_pattern", value: "|x" }],
      /whose key is "kernel\/core_pattern"/,
    ],
    [
      "a parameter by two dots",
      [{ kind: "sysctl", key: "net/../kernel/x", value: "1" }],
      /whose key is "net\/..\/kernel\/x"/,
    ],
    [
      "the host's parameter",
      [{ kind: "sysctl", key: "net/ipv4/tcp_syncookies", value: "0" }],
      /for the host's parameter/,
    ],
    [
      "another link's parameter",
      [{ kind: "sysctl", key: "net/ipv4/conf/wlan0/forwarding", value: "1" }],
      /for the host's parameter/,
    ],
    [
      "a value to restore",
      [bridge, { kind: "sysctl", key: "net/ipv4/conf/br0/forwarding", value: "1", restore: "0" }],
      /with a value to restore/,
    ],
    ["a way from the host by another link", [{ kind: "localnet", link: "uplink0" }], /for the host's link "uplink0"$/],
    [
      "a passage that nobody opened",
      [{ kind: "passage", ...owned, subnets: [], chain: { ...chain, table: "x" } }],
      /none of the network's passages$/,
    ],
    [
      "a port beyond 65535",
      [{ kind: "allow", ...owned, protocol: "tcp", address: "10.0.0.2", port: 70000, count: 1 }],
      /whose port is "70000"/,
    ],
    ["an address with a zone", [{ kind: "address", link: "br0", address: "fe80::1%eth0/64" }], /whose address is/],
    [
      "a prefix that is too long",
      [{ kind: "address", link: "br0", address: "10.0.0.1/33" }],
      /whose address is "10.0.0.1\/33"/,
    ],
    ["a function", [{ kind: "tunnel", act: () => 1 }], /with a function that is not plain JSON$/],
    ["a big integer", [{ kind: "tunnel", size: 1n }], /with a bigint that is not plain JSON$/],
    ["a number that is none", [{ kind: "tunnel", size: Number.NaN }], /with a number that is not plain JSON$/],
    ["half a character", [{ kind: "tunnel", name: "\ud800" }], /with a string that is not plain JSON$/],
    [
      "an accessor",
      [
        {
          kind: "tunnel",
          get name() {
            return "x";
          },
        },
      ],
      /with an accessor$/,
    ],
    ["a map", [{ kind: "tunnel", names: new Map() }], /with an instance of a class$/],
    ["a prototype", [JSON.parse('{"kind":"tunnel","__proto__":{"a":1}}')], /with the key __proto__$/],
    ["a symbol", [{ kind: "tunnel", [Symbol.iterator]: 1 }], /with the key Symbol/],
    ["a proxy", [new Proxy({ kind: "tunnel" }, {})], /with a proxy$/],
  ])("of %s is refused", (_, answer, said) => {
    expect(() => ofNetwork(answer)).toThrow(said);
    expect(() => ofNetwork(answer)).toThrow(expect.objectContaining({ kind: "plugin" }));
  });

  test("that contains itself is refused", () => {
    const tunnel: Record<string, unknown> = { kind: "tunnel" };
    tunnel.self = tunnel;
    expect(() => ofNetwork([tunnel])).toThrow(/nested more than 32 deep$/);
  });

  test("keeps no property that is undefined", () => {
    expect(Object.keys(ofNetwork([{ ...bridge, mtu: undefined }])[0] as object)).not.toContain("mtu");
  });
});

describe("a list of an endpoint", () => {
  test("has its own namespace and the host", () => {
    const list = [
      veth,
      { kind: "address", netns, link: "eth0", address: "10.0.0.2/32" },
      { kind: "route", netns, destination: "0.0.0.0/0", link: "eth0", metric: 100 },
      { kind: "route", destination: "10.0.0.2/32", link: "v0" },
      { kind: "sysctl", netns, key: "net/ipv6/conf/eth0/disable_ipv6", value: "1" },
      { kind: "sysctl", key: "net/ipv4/conf/v0/proxy_arp", value: "1" },
      {
        kind: "guard",
        owner: endpointId,
        bridge: "br0",
        link: "v0",
        mac: "02:42:00:00:00:02",
        addresses: ["10.0.0.2"],
      },
    ];
    expect(ofEndpoint(list)).toEqual(list);
  });

  test.each<[string, unknown, RegExp]>([
    [
      "another namespace",
      { ...veth, peer: { ...veth.peer, netns: "/proc/1/ns/net" } },
      /in another namespace than the endpoint's$/,
    ],
    ["another's namespace by a kind of its own", { kind: "tunnel", netns: "/run/netns/y" }, /in another namespace/],
    [
      "another interface of the namespace",
      { ...veth, peer: { ...veth.peer, name: "eth1" } },
      /with the name "eth1", and not eth0$/,
    ],
    [
      "the network's intent",
      {
        kind: "publish",
        ...owned,
        protocol: "tcp",
        hostPort: 80,
        containerAddress: "10.0.0.2",
        containerPort: 80,
        count: 1,
      },
      /whose owner is "a+", and not e{12}$/,
    ],
    [
      "an uplink's parameter",
      { kind: "sysctl", key: "net/ipv4/conf/uplink0/forwarding", value: "1" },
      /for the host's parameter/,
    ],
  ])("has not %s", (_, resource, said) => {
    expect(() => ofEndpoint([resource])).toThrow(said);
  });
});

const values = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  withObjectString: true,
});
const fields = [
  "kind",
  "type",
  "name",
  "link",
  "owner",
  "netns",
  "key",
  "value",
  "address",
  "bridge",
  "peer",
  "__proto__",
  "constructor",
];
const kinds = ["link", "address", "route", "sysctl", "isolate", "publish", "tunnel", "file", "veth", "bridge"];
const nearly = fc.dictionary(
  fc.constantFrom(...fields),
  fc.oneof(
    values,
    fc.constantFrom<unknown>(...kinds, "br0", "eth0", netns, networkId, "10.0.0.1/24", "net/ipv4/conf/br0/forwarding"),
  ),
);

test("any answer is refused in words, or read as what JSON says of it", () => {
  fc.assert(
    fc.property(fc.oneof(values, fc.array(fc.oneof(values, nearly))), (answer) => {
      let read: readonly Resource[];
      try {
        read = ofEndpoint(answer);
      } catch (error) {
        expect(TsdError.is(error, "plugin")).toBe(true);
        return;
      }
      expect(JSON.stringify(read)).toBe(JSON.stringify(answer));
    }),
    { numRuns: Number(process.env.TSD_FUZZ_RUNS ?? 1000) },
  );
});

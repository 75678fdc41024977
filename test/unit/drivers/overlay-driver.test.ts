import { describe, expect, test } from "@jest/globals";
import type { Network, RawOptions } from "../../../src/api/index.js";
import { hostAddress } from "../../../src/api/index.js";
import { failureOf } from "../store/support/temporary-store.js";
import { network } from "./network-values.js";
import { driver, host, overlay, place, subnet4, subnet6 } from "./overlay-values.js";

function mtusOf(value: Network): readonly (number | undefined)[] {
  return driver.network(value).flatMap((resource) => (resource.kind === "link" ? [resource.mtu] : []));
}

describe("the size of packets", () => {
  test.each([
    ["over IPv4", {}, {}, 1450],
    ["over IPv6", {}, { address: "2001:db8::1" }, 1430],
    ["over jumbo frames", {}, { mtu: 9000 }, 8950],
    ["without a tunnel", { mode: "hostgw" }, {}, 1500],
    ["as an option says", { mtu: "1400" }, {}, 1400],
    ["as an option says, at most", { mtu: "1450" }, {}, 1450],
    ["left to the driver", { mtu: "auto", mode: "l2" }, {}, 1450],
    ["encrypted over IPv4", { encrypted: "true" }, {}, 1370],
    ["encrypted over IPv6", { encrypted: "true" }, { address: "2001:db8::1" }, 1350],
    ["encrypted over jumbo frames", { encrypted: "true", mode: "l2" }, { mtu: 9000 }, 8870],
  ] as const)("leaves room for what goes around them: %s", (_title, raw: RawOptions, cluster, mtu) => {
    const mtus = mtusOf(overlay({ raw, subnets: [subnet4], cluster: { ...place, ...cluster } }));
    expect(new Set(mtus)).toEqual(new Set([mtu]));
  });
});

describe("options", () => {
  test.each([
    [{ mode: "l3" }, "option mode=l3 is not routed, l2 or hostgw"],
    [{ port: "0" }, "option port=0 is not a UDP port from 1 to 65535"],
    [{ vni: "16777216" }, "option vni=16777216 is not a number from 1 to 16777215"],
    [{ block: "31" }, "option block=31 is not a prefix length from 8 to 30"],
    [{ block_ipv6: "127" }, "option block_ipv6=127 is not a prefix length from 32 to 126"],
    [{ gateway_mode: "isolated" }, "option gateway_mode=isolated is not nat or routed"],
    [{ parent: "eth0" }, 'the overlay driver has no option "parent"'],
  ])("%j are refused in words", (raw, message) => {
    expect(failureOf(() => driver.parseOptions(raw as unknown as RawOptions))).toMatchObject({
      kind: "invalid-input",
      message,
    });
  });
});

describe("contradictions", () => {
  const narrow = { ...place, mtu: 1300 };
  const facts = { lack: "its kernel has no WireGuard" };
  test.each<readonly [string, Parameters<typeof overlay>[0], string]>([
    [
      "an MTU that leaves no room for the tunnel",
      { raw: { mtu: "1500" } },
      "mtu=1500 is more than the 1450 bytes that there is room for: the link with 192.0.2.1 carries 1500, of which the tunnel takes 50",
    ],
    [
      "an MTU that the link does not carry",
      { raw: { mode: "hostgw", mtu: "1501" }, subnets: [subnet4] },
      "mtu=1501 is more than the 1500 bytes that there is room for: the link with 192.0.2.1 carries 1500",
    ],
    [
      "a link too narrow for IPv6",
      { cluster: narrow },
      "1250 bytes are too few for its IPv6 subnet: the link with 192.0.2.1 carries 1300, of which the tunnel takes 50",
    ],
    [
      "a link that cannot hold the headers",
      { cluster: { ...place, mtu: 100 }, subnets: [subnet4] },
      "50 bytes are too few for IP packets: the link with 192.0.2.1 carries 100, of which the tunnel takes 50",
    ],
    [
      "a link too narrow for what is encrypted",
      { raw: { encrypted: "true" }, cluster: { ...place, mtu: 1339 }, subnets: [subnet4] },
      "1279 bytes are too few for what is encrypted, which travels in IPv6: the link with 192.0.2.1 carries 1339",
    ],
    [
      "encryption on a host without it",
      { raw: { encrypted: "true" }, facts },
      "host a cannot encrypt (its kernel has no WireGuard), and sends nothing in clear instead",
    ],
    [
      "encryption without a tunnel",
      { raw: { encrypted: "true", mode: "hostgw" }, facts, subnets: [subnet4] },
      "mode=hostgw makes no tunnel that could be encrypted",
    ],
    ["an MTU too small for IPv6", { raw: { mtu: "1279" } }, "mtu=1279 is too small for its IPv6 subnet"],
    [
      "no block",
      { cluster: { ...place, blocks: ["10.5.1.0/26"] } },
      "this host has no block of fd00:5::/64 with an address for itself",
    ],
    ["another VNI", { raw: { vni: "99" } }, "it has VNI 4097 in the cluster, and not 99"],
    [
      "straight routes without a link",
      { raw: { mode: "hostgw" }, subnets: [subnet4], cluster: { ...place, address: "198.51.100.1" } },
      "no link of this host has the address 198.51.100.1, by which mode=hostgw would reach the others",
    ],
    [
      "straight routes of another family",
      { raw: { mode: "hostgw" } },
      "with mode=hostgw hosts that reach each other by IPv4, as 192.0.2.1 is, carry IPv4 alone",
    ],
    [
      "a tunnel's option without a tunnel",
      { raw: { mode: "hostgw", port: "4790" }, subnets: [subnet4] },
      "mode=hostgw makes no tunnel, so port means nothing",
    ],
    [
      "internal and routed",
      { raw: { gateway_mode: "routed" }, internal: true },
      "gateway_mode=routed is for networks that others reach, and this one is internal",
    ],
  ])("%s", (_title, changes, says) => {
    expect(failureOf(() => driver.network(overlay(changes)))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_OPTION_CONFLICT",
      message: `network "web": ${says}`,
    });
  });

  test("a host that is in no cluster has no such network", () => {
    expect(failureOf(() => driver.network(network({ name: "web" })))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_CLUSTER_PLACE",
      message: 'network "web" spans hosts, and this host is in no cluster',
    });
  });
});

describe("the host's own address", () => {
  test.each([
    [["10.5.3.0/26"], subnet4, "10.5.3.0"],
    [["fd00:5::3:0/112", "10.5.3.0/26", "10.5.4.0/26"], subnet4, "10.5.3.0"],
    [["10.5.0.0/26"], subnet4, "10.5.0.2"],
    [["fd00:5::/112"], subnet6, "fd00:5::2"],
    [["10.5.3.64/26"], { ...subnet4, gateway: "10.5.3.64" }, "10.5.3.65"],
    [["10.5.0.0/26"], { ...subnet4, gateway: "10.5.255.254" }, "10.5.0.1"],
    [["10.6.0.0/26"], subnet4, undefined],
    [[], subnet6, undefined],
  ])("of blocks %j in %j is %s", (blocks, subnet, address) => {
    expect(hostAddress(blocks, subnet)).toBe(address);
  });
});

describe("peers", () => {
  test("of a host come to as many resources whatever is on it", () => {
    const resources = driver.peer(overlay(), host);
    expect(resources.map(({ kind }) => kind)).toEqual([
      "member",
      "fdb",
      "neighbour",
      "neighbour",
      "route",
      "route",
      "route",
      "route",
    ]);
  });

  test("whose addresses their blocks hold need nothing", () => {
    const peer = { kind: "endpoint", id: "d".repeat(64), networkId: "1".repeat(64), host: "b" } as const;
    const within = { addresses: ["10.5.9.3"], mac: "02:63:00:00:00:03", names: ["web"], blocks: host.blocks };
    expect(driver.peer(overlay(), { ...peer, address: "192.0.2.2", ...within })).toEqual([]);
  });
});

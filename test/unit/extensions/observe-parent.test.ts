import { describe, expect, test } from "@jest/globals";
import type { HostLink, HostNetwork, HostView, NetworkDriver, RawOptions } from "../../../src/api/index.js";
import { ipvlanDriver } from "../../../src/extensions/ipvlan/ipvlan-driver.js";
import { macvlanDriver } from "../../../src/extensions/macvlan/macvlan-driver.js";
import { vlanBridgeDriver } from "../../../src/extensions/vlan-bridge/vlan-bridge-driver.js";

const id = "1".repeat(64);

function link(name: string, others: Partial<HostLink> = {}): HostLink {
  return { name, up: true, mtu: 1500, mac: "02:00:00:00:00:77", addresses: [], ...others };
}

function host(links: readonly HostLink[], networks: readonly HostNetwork[] = []): HostView {
  return {
    links: () => links,
    link: (name) => links.find((one) => one.name === name),
    networks: () => networks,
    routes: () => [],
    lacksWireguard: () => undefined,
  };
}

const plain = host([link("eth0", { mtu: 9000 }), link("eth0.30", { kind: "vlan" }), link("down0", { up: false })]);

function observe(driver: NetworkDriver, options: RawOptions, view: HostView = plain): unknown {
  return driver.observe?.(view, { id, name: "lan", options: driver.parseOptions(options) });
}

const measures = { mtu: 9000, mac: "02:00:00:00:00:77" };

describe("what a network stands on", () => {
  test.each<readonly [NetworkDriver, RawOptions, unknown]>([
    [macvlanDriver, { parent: "eth0" }, { parent: "eth0", ...measures }],
    [macvlanDriver, { parent: "eth0", macvlan_mode: "passthru" }, { parent: "eth0", exclusive: true, ...measures }],
    [macvlanDriver, { parent: "eth0.30" }, { parent: "eth0.30", ...measures, mtu: 1500 }],
    [macvlanDriver, { parent: "eth0.20" }, { parent: "eth0.20", makes: "vlan", base: "eth0", vlan: 20, ...measures }],
    [macvlanDriver, {}, { parent: "dm-111111111111", makes: "dummy" }],
    [ipvlanDriver, { parent: "eth0" }, { parent: "eth0", exclusive: true, ...measures }],
    [
      vlanBridgeDriver,
      { parent: "eth0", vlan: "20" },
      { parent: "eth0.20", makes: "vlan", base: "eth0", vlan: 20, exclusive: true, ...measures },
    ],
  ])("%o with %j", (driver, options, facts) => {
    expect(observe(driver, options)).toEqual(facts);
  });
});

describe("a parent that cannot be had is refused in words", () => {
  const port = host([link("eth0", { master: "br0" }), link("br-x", { network: "web" })]);
  const other = (changes: Partial<HostNetwork>): HostView =>
    host([link("eth0")], [{ name: "first", driver: "macvlan", options: {}, facts: { parent: "eth0" }, ...changes }]);
  const made = other({ facts: { parent: "eth0.20", makes: "vlan" } });
  test.each<readonly [NetworkDriver, RawOptions, HostView, string]>([
    [macvlanDriver, { parent: "eth9" }, plain, "the host has no link eth9 to be the parent of the network"],
    [macvlanDriver, { parent: "eth9.20" }, plain, "the host has no link eth9 to be the parent of the network"],
    [
      macvlanDriver,
      { parent: "eth0.0" },
      plain,
      "parent eth0.0 does not exist and cannot be made: 0 is no VLAN id from 1 to 4094",
    ],
    [
      macvlanDriver,
      { parent: "eth0.4095" },
      plain,
      "parent eth0.4095 does not exist and cannot be made: 4095 is no VLAN id from 1 to 4094",
    ],
    [macvlanDriver, { parent: "down0.20" }, plain, "the parent down0 is down, so that no VLAN of it comes up"],
    [
      macvlanDriver,
      { parent: "eth0.30", mtu: "1501" },
      plain,
      "mtu=1501 is more than the 1500 bytes that eth0.30 carries",
    ],
    [macvlanDriver, { parent: "eth0" }, port, "the parent eth0 is a port of br0, which gets its frames"],
    [macvlanDriver, { parent: "br-x" }, port, 'the parent br-x belongs to network "web"'],
    [
      ipvlanDriver,
      { parent: "eth0" },
      other({}),
      'the parent eth0 is that of network "first" of driver macvlan already',
    ],
    [
      macvlanDriver,
      { parent: "eth0", macvlan_mode: "passthru" },
      other({}),
      'the parent eth0 is that of network "first" of driver macvlan already',
    ],
    [
      macvlanDriver,
      { parent: "eth0" },
      other({ facts: { parent: "eth0", exclusive: true } }),
      'the parent eth0 is that of network "first" of driver macvlan already',
    ],
    [macvlanDriver, { parent: "eth0.20" }, made, 'the parent eth0.20 belongs to network "first" already'],
    [vlanBridgeDriver, { parent: "eth0", vlan: "20" }, made, 'the parent eth0.20 belongs to network "first" already'],
    [vlanBridgeDriver, { parent: "eth0.30" }, plain, "the parent eth0.30 is a link of the host already"],
    [vlanBridgeDriver, { parent: "eth0" }, plain, 'network "lan" has no VLAN for its parent eth0'],
    [vlanBridgeDriver, {}, plain, 'network "lan" has no parent'],
    [
      vlanBridgeDriver,
      { parent: "longinterface0", vlan: "20" },
      plain,
      'network "lan" would have the uplink longinterface0.20, whose name has more than 15 characters',
    ],
  ])("%o with %j", (driver, options, view, message) => {
    expect(() => observe(driver, options, view)).toThrow(message);
  });

  test("networks of macvlan share a parent of the host's", () => {
    expect(observe(macvlanDriver, { parent: "eth0" }, other({}))).toMatchObject({ parent: "eth0" });
  });
});

test.each<readonly [NetworkDriver, RawOptions, string]>([
  [
    macvlanDriver,
    { parent: "lo" },
    "option parent=lo is not the name of a link of the host other than lo, at most 15 characters",
  ],
  [
    macvlanDriver,
    { parent: "longinterface0.20" },
    "option parent=longinterface0.20 is not the name of a link of the host",
  ],
  [
    macvlanDriver,
    { macvlan_mode: "passthrough" },
    "option macvlan_mode=passthrough is not private, vepa, bridge or passthru",
  ],
  [ipvlanDriver, { ipvlan_mode: "l4" }, "option ipvlan_mode=l4 is not l2, l3 or l3s"],
  [ipvlanDriver, { ipvlan_flag: "hub" }, "option ipvlan_flag=hub is not bridge, private or vepa"],
  [ipvlanDriver, { macvlan_mode: "vepa" }, 'the ipvlan driver has no option "macvlan_mode"'],
  [vlanBridgeDriver, { vlan: "4095" }, "option vlan=4095 is not a VLAN id from 1 to 4094"],
])("%o refuses %j", (driver, options, message) => {
  expect(() => driver.parseOptions(options)).toThrow(message);
});

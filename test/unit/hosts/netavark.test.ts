import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Endpoint, Network } from "../../../src/api/index.js";
import { type Field, parseDocument } from "../../../src/contracts/json-field.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { foreignFailure } from "../../../src/hosts/foreign/foreign-failure.js";
import { netavark } from "../../../src/hosts/netavark/index.js";
import { readNetwork, readStatus } from "../../../src/hosts/netavark/read-replies.js";
import { fuzz, garbled } from "../../support/fuzz.js";

const ecosystem = netavark("/state/netavark");
const driver = ecosystem.driver("netavark:vrouter");

const network = {
  ...{ id: "a".repeat(64), name: "far", driver: "netavark:vrouter", created: "2026-01-01T00:00:00.000Z" },
  subnets: [
    { cidr: "10.77.0.0/24", gateway: "10.77.0.1" },
    { cidr: "fd00:77::/64", gateway: "fd00:77::1" },
  ],
  options: { network_interface: "enp1", speed: "9" },
  ...{ labels: { tier: "web" }, mac: "02:42:00:00:00:01", uplinks: [] },
} satisfies Network;

const endpoint: Endpoint = {
  ...{ id: "b".repeat(64), networkId: network.id, netns: "/run/netns/x", interface: "eth0", mac: "02:42:00:00:00:02" },
  addresses: ["10.77.0.2/24", "fd00:77::2/64"],
  ports: [{ protocol: "udp", hostPort: 9000, containerPort: 53, count: 3, hostAddress: "192.0.2.1" }],
  aliases: ["db"],
  options: { ifname: "eth0", sysctls: "net.ipv4.conf.IFNAME.log_martians=1", class: "gold" },
};

const listed = {
  plugin: "vrouter",
  directory: `/state/netavark/${network.id}`,
  network: {
    ...{ name: "far", id: network.id, driver: "vrouter", network_interface: "enp1", created: network.created },
    subnets: [
      { subnet: "10.77.0.0/24", gateway: "10.77.0.1" },
      { subnet: "fd00:77::/64", gateway: "fd00:77::1" },
    ],
    ...{ ipv6_enabled: true, internal: false, dns_enabled: false, labels: { tier: "web" }, options: { speed: "9" } },
    ipam_options: { driver: "host-local" },
  },
};

test("a network's list says what create is called with", () => {
  expect(driver?.network(network)).toEqual([
    { kind: "directory", path: listed.directory },
    { kind: "netavark-network", name: "far", ...listed },
  ]);
});

test("an endpoint's list says what setup is called with, and tsd's own options stay tsd's", () => {
  const call = {
    ...{ container_id: endpoint.id, container_name: "bbbbbbbbbbbb" },
    port_mappings: [{ host_ip: "192.0.2.1", host_port: 9000, container_port: 53, range: 3, protocol: "udp" }],
    network_options: {
      ...{ interface_name: "eth0", static_ips: ["10.77.0.2", "fd00:77::2"], static_mac: endpoint.mac },
      ...{ aliases: ["bbbbbbbbbbbb", "db"], options: { class: "gold" } },
    },
  };
  const { netns } = endpoint;
  expect(driver?.endpoint(network, endpoint)).toEqual([
    { kind: "netavark-endpoint", name: "eth0 by vrouter", network: listed, netns, call },
    { kind: "sysctl", netns, key: "net/ipv4/conf/eth0/log_martians", value: "1" },
  ]);
  expect(driver?.parseEndpointOptions({ interface_name: "wan", class: "gold" })).toEqual({
    ifname: "wan",
    class: "gold",
  });
  expect(() => driver?.parseEndpointOptions({ ifname: "a/b" })).toThrow(/ifname=a\/b is not an interface name/);
});

test.each([
  "vrouter",
  "netavark",
  "netavark:",
  "netavark:../x",
  "netavark:.x",
  "netavark:a:b",
  "netavark:a/b",
  "cni:x",
])("%s is no driver of it", (name) => expect(ecosystem.driver(name)).toBeUndefined());

const refuse = (fault: string): TsdError => foreignFailure('netavark plug-in "p", verb v', fault);
const reply = (text: string): Field => parseDocument(text, "its reply", refuse);
const sent = listed.network;

describe("what a plug-in replies", () => {
  test("to create is kept whole", () => {
    const complete = { ...sent, network_interface: "br7", future: [1] };
    expect(readNetwork(reply(JSON.stringify(complete)), sent)).toEqual(complete);
  });

  test.each<[status: unknown, learnt: unknown]>([
    [{}, {}],
    [{ interfaces: null, dns_server_ips: ["10.0.0.1"] }, {}],
    [{ interfaces: { eth0: { mac_address: "", subnets: null } } }, {}],
    [
      {
        interfaces: {
          eth0: { mac_address: "AA:bb:cc:dd:ee:ff", subnets: [{ ipnet: "fd00:0::2/64", gateway: "::1" }] },
        },
      },
      { mac: "aa:bb:cc:dd:ee:ff", addresses: ["fd00::2/64"] },
    ],
    [[], /its reply is not an object: a list$/],
    [
      { interfaces: { eth0: { subnets: [{ ipnet: "10.0.0.1" }] } } },
      /eth0\.subnets\[0\]\.ipnet is not a CIDR: "10\.0\.0\.1"$/,
    ],
    [{ interfaces: { eth0: { mac_address: "x" } } }, /eth0\.mac_address is not a MAC address: "x"$/],
    [{ interfaces: { eth0: {}, eth1: {} } }, /: it reports the interface "eth1", where eth0 alone was asked for$/],
    [{ interfaces: { "\u001b[2J": {} } }, /the interface "\\u001b\[2J", where eth0 alone/],
  ])("to setup: %j", (status, learnt) => {
    const read = () => readStatus(reply(JSON.stringify(status)), "eth0");
    if (learnt instanceof RegExp) expect(read).toThrow(learnt);
    else expect(read()).toEqual(learnt);
  });

  const marks = '{}[]":,0-/. \\ntrufalse';
  const status = JSON.stringify({
    interfaces: { eth0: { mac_address: "02:42:00:00:00:02", subnets: [{ ipnet: "10.0.0.9/24" }] } },
  });
  for (const [verb, text, read] of [
    ["create", JSON.stringify(sent), (field: Field) => readNetwork(field, sent)],
    ["setup", status, (field: Field) => readStatus(field, "eth0")],
  ] as const)
    fuzz(`the reply to ${verb}`, garbled(fc.constant(text), marks), (garbage) => {
      try {
        read(reply(garbage));
      } catch (error) {
        expect(TsdError.is(error, "plugin")).toBe(true);
        expect((error as Error).message).toMatch(
          /^netavark plug-in "p", verb v: [^\p{Cc}\u2028\u2029\u202a-\u202e]+$/u,
        );
      }
    });
});

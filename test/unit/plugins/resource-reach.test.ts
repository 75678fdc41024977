import { describe, expect, test } from "@jest/globals";
import type { Resource } from "../../../src/api/index.js";
import { type Reach, reachFault } from "../../../src/plugins/returned/resource-reach.js";

const owner = "e".repeat(64);
const mac = "02:42:00:00:00:02";
const reach: Reach = {
  network: {
    subnets: [
      { cidr: "10.9.0.0/24", gateway: "10.9.0.1" },
      { cidr: "fd00:9::/64", gateway: "fd00:9::1" },
    ],
    options: { uplink: "eth0.20" },
  },
  endpoint: {
    addresses: ["10.9.0.5/24", "fd00:9::5/64"],
    mac,
    ports: [{ protocol: "tcp", hostPort: 8000, containerPort: 80, count: 10 }],
  },
  networkLinks: ["br-own"],
};
const faultOf = (resource: object) => reachFault(resource as Resource, reach, new Set(["veth-own"]));

const publish = {
  ...{ kind: "publish", owner, bridge: "br-own", protocol: "tcp" },
  ...{ hostPort: 8000, containerAddress: "10.9.0.5", containerPort: 80, count: 10 },
};

describe("a list reaches", () => {
  test.each<[string, object]>([
    ["an address on its own link", { kind: "address", link: "veth-own", address: "10.9.0.1/32" }],
    ["a link-local one", { kind: "address", link: "veth-own", address: "fe80::1/64" }],
    ["a route to its container", { kind: "route", link: "veth-own", destination: "fd00:9::5/128" }],
    ["a port of the network's bridge", { kind: "link", type: "veth", name: "veth-own", master: "br-own" }],
    ["a link that the user names", { kind: "isolate", owner, bridge: "eth0.20" }],
    ["its parent", { kind: "isolate", owner, bridge: "eth0" }],
    ["what is inside the endpoint's namespace", { kind: "route", netns: "/x", link: "eth0", destination: "0.0.0.0/0" }],
    ["all ports that were asked for", publish],
    [
      "some of them, by IPv6",
      { ...publish, hostPort: 8003, containerPort: 83, count: 2, containerAddress: "fd00:9:0::5" },
    ],
    [
      "a subnet of its own",
      { kind: "masquerade", owner, bridge: "br-own", subnet: "10.9.0.0/24", address: "192.0.2.1" },
    ],
    [
      "its own guard",
      { kind: "guard", owner, bridge: "br-own", link: "veth-own", mac, addresses: ["10.9.0.5", "fe80::5"] },
    ],
  ])("%s", (_, resource) => {
    expect(faultOf(resource)).toBeUndefined();
  });
});

describe("a list does not reach", () => {
  test.each<[string, object, string]>([
    ["another's link", { kind: "isolate", owner, bridge: "br-other" }, 'for the link "br-other", which neither'],
    [
      "a port of another's bridge",
      { kind: "link", type: "veth", name: "x", master: "br-other" },
      'for the link "br-other"',
    ],
    ["an address on it", { kind: "address", link: "up0", address: "10.9.0.1/32" }, 'for the link "up0"'],
    [
      "another's address",
      { kind: "address", link: "veth-own", address: "172.17.0.2/32" },
      "for 172.17.0.2/32, which is outside",
    ],
    ["a route to it", { kind: "route", link: "veth-own", destination: "172.17.0.2/32" }, "outside the network"],
    ["the host's default route", { kind: "route", link: "veth-own", destination: "0.0.0.0/0" }, "outside the network"],
    [
      "more than its subnet",
      { kind: "masquerade", owner, bridge: "br-own", subnet: "10.0.0.0/8" },
      "outside the network",
    ],
    [
      "the guard of another",
      { kind: "guard", owner, bridge: "br-own", link: "veth-x", mac, addresses: [] },
      '"veth-x"',
    ],
    [
      "another's hardware address",
      { kind: "guard", owner, bridge: "br-own", link: "veth-own", mac: "02:00:00:00:00:09", addresses: [] },
      "not the endpoint's",
    ],
    ["another's container", { ...publish, containerAddress: "10.9.0.6" }, "for 10.9.0.6, which is not the endpoint's"],
    ["a port that nobody asked for", { ...publish, hostPort: 22, count: 1 }, "for port 22 of the host"],
    ["more ports than were asked for", { ...publish, count: 11 }, "for port 8000 of the host"],
    ["ports beyond the last", { ...publish, hostPort: 65_535, count: 2 }, "for ports beyond 65535"],
    ["ports of the container beyond the last", { ...publish, containerPort: 65_535, count: 2 }, "beyond 65535"],
    [
      "two families at once",
      { ...publish, hostAddress: "192.0.2.1", containerAddress: "fd00:9::5" },
      "of two families",
    ],
    [
      "an opened port beyond the last",
      { kind: "allow", owner, bridge: "br-own", protocol: "tcp", address: "10.9.0.5", port: 65_535, count: 9 },
      "beyond",
    ],
    [
      "an address of the other family to leave with",
      { kind: "masquerade", owner, bridge: "br-own", subnet: "fd00:9::/64", address: "1.1.1.1" },
      "of two families",
    ],
  ])("%s", (_, resource, fault) => {
    expect(faultOf(resource)).toContain(fault);
  });
});

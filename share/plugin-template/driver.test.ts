import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, Network } from "@tsdnet/tsd/api";
import { driver } from "./driver.ts";

const network: Network = {
  id: "a1".repeat(32),
  name: "lan",
  driver: "my-driver",
  created: "2026-01-01T00:00:00Z",
  subnets: [{ cidr: "10.20.0.0/24", gateway: "10.20.0.1" }],
  options: { mtu: "1400" },
  labels: {},
  mac: "02:00:00:00:00:01",
  uplinks: [],
};
const endpoint: Endpoint = {
  id: "b2".repeat(32),
  networkId: network.id,
  netns: "/run/netns/web",
  interface: "eth0",
  mac: "02:00:00:00:00:02",
  addresses: ["10.20.0.2/24"],
  ports: [],
  metric: 0,
};

test("the same arguments give the same list", () => {
  assert.deepEqual(driver.endpoint(network, endpoint), driver.endpoint(structuredClone(network), endpoint));
});

test("a container has its address, and a way out by the host unless the network is internal", () => {
  const where = { netns: "/run/netns/web", link: "eth0" };
  const own = [
    { kind: "address", ...where, address: "10.20.0.2/32" },
    { kind: "route", ...where, destination: "10.20.0.1/32" },
    { kind: "route", ...where, destination: "10.20.0.0/24", gateway: "10.20.0.1" },
  ];
  const out = { kind: "route", ...where, destination: "0.0.0.0/0", gateway: "10.20.0.1", metric: 0 };
  const inside = (list: ReturnType<typeof driver.endpoint>) => list.filter((resource) => "netns" in resource);
  assert.deepEqual(inside(driver.endpoint(network, endpoint)), [...own, out]);
  assert.deepEqual(inside(driver.endpoint({ ...network, internal: true }, endpoint)), own);
});

test("options that mean nothing are refused", () => {
  assert.deepEqual(driver.parseOptions({ mtu: "1400" }), { mtu: "1400" });
  assert.throws(() => driver.parseOptions({ mtu: "wide" }), /mtu "wide" is not a number of bytes/);
  assert.throws(() => driver.parseOptions({ colour: "red" }), /no option "colour"/);
  assert.throws(() => driver.parseEndpointOptions({ colour: "red" }), /no option "colour"/);
});

test("a subnet of IPv6 is refused", () => {
  const subnets = [{ cidr: "fd00::/64", gateway: "fd00::1" }];
  assert.throws(() => driver.network({ ...network, subnets }), /IPv6/);
});

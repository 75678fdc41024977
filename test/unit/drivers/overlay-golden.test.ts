import { describe, test } from "@jest/globals";
import type { Network, RawOptions } from "../../../src/api/index.js";
import { expectResources } from "./expect-resources.js";
import { endpoint } from "./network-values.js";
import { driver, host, overlay, place, stray, subnet4 } from "./overlay-values.js";

const encrypted = { cluster: { ...place, wireguard: { port: 51_820, generation: 1 } } };
const keyed = { wireguard: { publicKey: `${"b".repeat(42)}A=`, port: 51_821 } };
const hostgw = { raw: { mode: "hostgw" }, subnets: [subnet4] };
const networks: Readonly<Record<string, Network>> = {
  routed: overlay(),
  l2: overlay({ raw: { mode: "l2" } }),
  hostgw: overlay(hostgw),
  "hostgw-beside-uplink": overlay({ ...hostgw, uplinks: [{ name: "eth9", forwarding: true }] }),
  "icc-off": overlay({ raw: { icc: "false" } }),
  "l2-icc-off": overlay({ raw: { mode: "l2", icc: "false" } }),
  internal: overlay({ internal: true }),
  "by-ipv6": overlay({ subnets: [subnet4], cluster: { ...place, address: "2001:db8::1" }, raw: { port: "8472" } }),
  encrypted: overlay({ ...encrypted, raw: { encrypted: "true" } }),
  "encrypted-l2": overlay({ ...encrypted, raw: { encrypted: "true", mode: "l2" } }),
};

describe("a network that spans hosts needs the documented resources on each", () => {
  test.each(Object.entries(networks))("%s", (name, value) =>
    expectResources(`overlay-network-${name}`, driver.network(value)),
  );
});

const modes: Readonly<Record<string, { readonly raw: RawOptions }>> = {
  routed: { raw: {} },
  l2: { raw: { mode: "l2" } },
  hostgw,
  "l2-icc-off": { raw: { mode: "l2", icc: "false" } },
};

describe("another host, and an endpoint there, need the documented resources on this one", () => {
  test.each(Object.entries(modes))("%s", (name, changes) => {
    const resources = [host, stray].flatMap((peer) => driver.peer(overlay(changes), peer));
    expectResources(`overlay-peers-${name}`, resources);
  });
});

test.each(["routed", "l2"])("another host of an encrypted network, and an endpoint there: %s", (mode) => {
  const network = overlay({ ...encrypted, raw: { encrypted: "true", mode } });
  const peers = [
    { ...host, ...keyed },
    { ...stray, hostMac: host.mac },
  ];
  const resources = peers.flatMap((peer) => driver.peer(network, peer));
  expectResources(`overlay-peers-encrypted-${mode}`, resources);
});

const addresses = ["10.5.1.2/16", "fd00:5::1:2/64"];

describe("an endpoint needs the documented resources", () => {
  test.each(Object.entries(modes))("%s", (name, changes) => {
    const own = name === "hostgw" ? addresses.slice(0, 1) : addresses;
    expectResources(`overlay-endpoint-${name}`, driver.endpoint(overlay(changes), endpoint({ addresses: own })));
  });

  test("with an address that no block of this host has", () => {
    const far = endpoint({ addresses: ["10.5.9.9/16", "fd00:5::1:2/64"] });
    expectResources("overlay-endpoint-stray", driver.endpoint(overlay(), far));
  });
});

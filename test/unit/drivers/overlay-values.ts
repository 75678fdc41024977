import type { ClusterPlace, EndpointPeer, HostPeer, Network, RawOptions } from "../../../src/api/index.js";
import { OverlayDriver } from "../../../src/drivers/overlay/overlay-driver.js";
import { network } from "./network-values.js";

export const driver = new OverlayDriver();

export const subnet4 = { cidr: "10.5.0.0/16", gateway: "10.5.0.1" };
export const subnet6 = { cidr: "fd00:5::/64", gateway: "fd00:5::1" };

/** Host `a` of a cluster, with a second block of IPv4. */
export const place: ClusterPlace = {
  ...{ vni: 4097, host: "a", address: "192.0.2.1", mtu: 1500, mac: "02:74:00:00:00:0a" },
  blocks: ["10.5.1.0/26", "fd00:5::1:0/112", "10.5.7.64/26"],
};

interface Changes extends Partial<Network> {
  readonly raw?: RawOptions;
}

/** A network on host `a`, as the engine plans it. */
export function overlay({ raw = {}, ...changes }: Changes = {}): Network {
  const links = [{ name: "eth0", up: true, mtu: 1500, addresses: ["192.0.2.1/24", "2001:db8::1/64"] }];
  const options = driver.parseOptions(raw);
  const facts = driver.observe(
    {
      links: () => links,
      link: () => undefined,
      networks: () => [],
      routes: () => [],
      lacksWireguard: () => undefined,
    },
    { options },
  );
  return network({
    ...{ name: "web", driver: "overlay", subnets: [subnet4, subnet6], options, facts, cluster: place },
    uplinks: [{ name: "eth0", forwarding: false, forwarding6: false }],
    ...changes,
  });
}

/** Host `b`, whose first block of IPv4 begins with addresses that are no host's. */
export const host: HostPeer = {
  ...{ kind: "host", id: "b".repeat(64), networkId: "1".repeat(64), host: "b", address: "192.0.2.2" },
  ...{ mac: "02:74:00:00:00:0b", blocks: ["10.5.0.0/26", "fd00:5::2:0/112", "10.5.9.0/26"] },
};

/** A container on host `b`; its IPv4 address is in none of that host's blocks. */
export const stray: EndpointPeer = {
  ...{ kind: "endpoint", id: "c".repeat(64), networkId: "1".repeat(64), host: "b", address: "192.0.2.2" },
  ...{ mac: "02:63:00:00:00:02", addresses: ["10.5.1.33", "fd00:5::2:33"], blocks: host.blocks, names: ["db"] },
};

import { describe, test } from "@jest/globals";
import type { Endpoint, Network, RawOptions, Resource } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { expectResources } from "./expect-resources.js";
import { dual, endpoint, network } from "./network-values.js";

const driver = new BridgeDriver();

const options = (raw: RawOptions): Pick<Network, "options"> => ({ options: driver.parseOptions(raw) });

const networks: Readonly<Record<string, Network>> = {
  network: network(),
  "network-options": network(
    options({
      "com.docker.network.bridge.name": "br.test-0",
      "com.docker.network.driver.mtu": "1400",
      ip_masq: "false",
    }),
  ),
  "network-uplinks": network({
    uplinks: [
      { name: "eth0", forwarding: true },
      { name: "wg.0", forwarding: false },
    ],
  }),
  "network-no-uplink": network({ uplinks: [] }),
  "network-dual": network({
    ...dual,
    egressMtu: 1420,
    uplinks: [
      { name: "eth0", forwarding: true, forwarding6: false },
      { name: "wg.0", forwarding: false },
    ],
  }),
  "network-dual-global-forwarding": network({
    ...dual,
    forwarding6: false,
    uplinks: [
      { name: "eth0", forwarding: false, heedsRouters: true },
      { name: "eth1", forwarding: true, heedsRouters: false },
    ],
  }),
  "network-dual-forwarding-host": network({
    ...dual,
    forwarding6: true,
    uplinks: [{ name: "eth0", forwarding: false, heedsRouters: true }],
  }),
  "network-ipv6-only": network({ subnets: dual.subnets.slice(1) }),
  "network-internal": network({ ...dual, internal: true }),
  "network-icc-off": network({ ...dual, ...options({ icc: "false" }) }),
  "network-routed": network({ ...dual, ...options({ gateway_mode: "routed" }) }),
  "network-routed6": network({ ...dual, ...options({ gateway_mode_ipv6: "routed", outbound_addr4: "192.0.2.7" }) }),
  "network-isolated": network({ ...dual, internal: true, ...options({ gateway_mode: "isolated" }) }),
  "network-antispoof": network({ ...dual, ...options({ antispoof: "true" }) }),
  "network-open": network(options({ isolate: "false" })),
  "network-adopted": network({ ...dual, ...options({ name: "br9", adopt: "true" }) }),
  "network-adopted-uplink": network({
    ...dual,
    uplinks: [{ name: "br9", forwarding: false, forwarding6: true }],
    ...options({ name: "br9", adopt: "true" }),
  }),
  "network-leave-forwarding": network({ ...dual, leaveForwarding: true }),
};

describe("a network needs the documented resources", () => {
  test.each(Object.entries(networks))("%s", (name, value) => expectResources(name, driver.network(value)));
});

const tcp = { protocol: "tcp", count: 1 } as const;
const ports: Pick<Endpoint, "ports"> = {
  ports: [
    { ...tcp, hostPort: 8080, containerPort: 80 },
    { ...tcp, hostAddress: "127.0.0.1", hostPort: 5432, containerPort: 5432 },
    { protocol: "udp", count: 1, hostPort: 53, containerPort: 5353 },
  ],
};
const addresses = ["10.10.10.2/24", "fd00:10::2/64"];
const endpoints: Readonly<Record<string, readonly Resource[]>> = {
  endpoint: driver.endpoint(network(), endpoint()),
  "endpoint-options": driver.endpoint(
    network({ options: { name: "br0", mtu: "9000" } }),
    endpoint({
      interface: "lan.5",
      options: driver.parseEndpointOptions({
        interface_name: "lan.5",
        host_interface_name: "web0",
        sysctls: "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.disable_ipv6=0",
      }),
    }),
  ),
  "endpoint-no-gateway": driver.endpoint(network(), endpoint({ metric: undefined })),
  "endpoint-ports": driver.endpoint(network(), endpoint(ports)),
  "endpoint-ranges": driver.endpoint(
    network(),
    endpoint({
      ports: [
        { protocol: "tcp", hostPort: 9000, containerPort: 9000, count: 11 },
        { protocol: "sctp", hostPort: 7000, containerPort: 8000, count: 2 },
      ],
    }),
  ),
  "endpoint-dual": driver.endpoint(network({ ...dual, egressMtu: 1420 }), endpoint({ addresses, ...ports })),
  "endpoint-antispoof": driver.endpoint(
    network({ ...dual, ...options({ antispoof: "true" }) }),
    endpoint({ addresses, ...ports }),
  ),
  "endpoint-antispoof4": driver.endpoint(network(options({ antispoof: "true" })), endpoint(ports)),
  "endpoint-internal": driver.endpoint(network({ ...dual, internal: true }), endpoint({ addresses, ...ports })),
  "endpoint-routed": driver.endpoint(
    network({ ...dual, ...options({ gateway_mode_ipv6: "routed" }) }),
    endpoint({ addresses, ...ports }),
  ),
  "endpoint-links": driver.endpoint(
    network({ ...dual, ...options({ icc: "false" }) }),
    endpoint({
      addresses,
      links: [
        {
          addresses: ["10.10.10.3", "fd00:10::3"],
          ports: [
            { protocol: "tcp", port: 80, count: 1 },
            { protocol: "udp", port: 5000, count: 10 },
          ],
        },
        { addresses: ["10.10.10.4"], ports: [{ protocol: "tcp", port: 5432, count: 1 }] },
      ],
    }),
  ),
};

describe("an endpoint needs the documented resources", () => {
  test.each(Object.entries(endpoints))("%s", (name, resources) => expectResources(name, resources));
});

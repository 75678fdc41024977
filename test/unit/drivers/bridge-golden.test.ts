import { describe, test } from "@jest/globals";
import type { Network, Resource } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { expectGolden } from "../../support/engine/golden-file.js";
import { endpoint, network } from "./network-values.js";

const driver = new BridgeDriver();

function expectResources(name: string, resources: readonly Resource[]): void {
  expectGolden(new URL(`golden/${name}.json`, import.meta.url), `${JSON.stringify(resources, undefined, 2)}\n`);
}

const networks: Readonly<Record<string, Network>> = {
  network: network(),
  "network-options": network({
    options: driver.parseOptions({
      "com.docker.network.bridge.name": "br.test-0",
      "com.docker.network.driver.mtu": "1400",
      ip_masq: "false",
    }),
  }),
  "network-uplinks": network({
    uplinks: [
      { name: "eth0", forwarding: true },
      { name: "wg.0", forwarding: false },
    ],
  }),
  "network-no-uplink": network({ uplinks: [] }),
};

describe("a network needs the documented resources", () => {
  test.each(Object.entries(networks))("%s", (name, value) => expectResources(name, driver.network(value)));
});

const tcp = { protocol: "tcp", count: 1 } as const;
const endpoints: Readonly<Record<string, readonly Resource[]>> = {
  endpoint: driver.endpoint(network(), endpoint()),
  "endpoint-options": driver.endpoint(
    network({ options: { name: "br0", mtu: "9000" } }),
    endpoint({ interface: "lan" }),
  ),
  "endpoint-no-gateway": driver.endpoint(network(), endpoint({ gateway: false })),
  "endpoint-ports": driver.endpoint(
    network(),
    endpoint({
      ports: [
        { ...tcp, hostPort: 8080, containerPort: 80 },
        { ...tcp, hostAddress: "127.0.0.1", hostPort: 5432, containerPort: 5432 },
        { protocol: "udp", count: 1, hostPort: 53, containerPort: 5353 },
      ],
    }),
  ),
  "endpoint-ranges": driver.endpoint(
    network(),
    endpoint({
      ports: [
        { protocol: "tcp", hostPort: 9000, containerPort: 9000, count: 11 },
        { protocol: "sctp", hostPort: 7000, containerPort: 8000, count: 2 },
      ],
    }),
  ),
};

describe("an endpoint needs the documented resources", () => {
  test.each(Object.entries(endpoints))("%s", (name, resources) => expectResources(name, resources));
});

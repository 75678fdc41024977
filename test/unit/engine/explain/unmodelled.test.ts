import { describe, expect, test } from "@jest/globals";
import type { EndpointRow, NetworkRow } from "../../../../src/contracts/index.js";
import type { Caller } from "../../../../src/engine/explain/journey.js";
import { Landscape } from "../../../../src/engine/explain/landscape.js";
import { trace } from "../../../../src/engine/explain/trace.js";
import { matrixFacts } from "./matrix-landscape.js";

const facts = matrixFacts();
const [anyNetwork] = facts.networks as readonly [NetworkRow];
const [anyEndpoint] = facts.endpoints as readonly [EndpointRow];
/** Of a driver that leads packets by host routes, without a bridge. */
const network: NetworkRow = {
  ...anyNetwork,
  id: "9".repeat(64),
  network: {
    ...anyNetwork.network,
    id: "9".repeat(64),
    name: "p",
    driver: "ptp",
    subnets: [{ cidr: "10.99.0.0/24", pool: 99 }],
  } as unknown as NetworkRow["network"],
  resources: [],
};
const netns = "/run/tsd/netns/p1";
const endpoint: EndpointRow = {
  ...anyEndpoint,
  id: "e".repeat(64),
  endpoint: { ...anyEndpoint.endpoint, id: "e".repeat(64), networkId: network.id, netns, addresses: ["10.99.0.2/32"] },
  resources: [{ kind: "address", netns, link: "eth0", address: "10.99.0.2/32" }],
};
/** What a plug-in publishes by rules of its own. */
const published: EndpointRow = {
  ...endpoint,
  id: "f".repeat(64),
  endpoint: {
    ...endpoint.endpoint,
    ports: [
      { protocol: "tcp", hostPort: 8190, containerPort: 80, count: 2 },
      { protocol: "tcp", hostPort: 8200, containerPort: 80, count: 1, hostAddress: "127.0.0.1" },
    ],
  },
};
const land = new Landscape({
  ...facts,
  networks: [...facts.networks, network],
  endpoints: [...facts.endpoints, endpoint],
});
const inside: Caller = { kind: "namespace", name: "container p1", netns, rows: [endpoint] };

test.each<[string, Caller, string]>([
  ["from there", inside, "192.0.2.9"],
  ["to there, from the host", { kind: "host", name: "host" }, "10.99.0.2"],
  ["to there, from outside", { kind: "outside", name: "outside" }, "10.99.0.2"],
  [
    "to there, from a network of bridges",
    { ...inside, netns: anyEndpoint.endpoint.netns, rows: [anyEndpoint] },
    "10.99.0.2",
  ],
])("a way by a driver without a bridge is not judged: %s", (_name, caller, destination) => {
  const { verdict } = trace(land, caller, { protocol: "ping", destination });
  expect(verdict).toMatchObject({
    reaches: false,
    why: 'network "p" is of driver ptp, whose ways tsd explain does not model',
    hint: expect.stringContaining(`ip route get ${destination}`),
  });
});

test("what stays in the namespace is known whatever the driver", () => {
  expect(trace(land, inside, { protocol: "ping", destination: "10.99.0.2" }).verdict).toMatchObject({ reaches: true });
});

describe("a port that a plug-in publishes", () => {
  const outside: Caller = { kind: "outside", name: "outside" };
  const host: Caller = { kind: "host", name: "host" };
  const verdictOf = (caller: Caller, destination: string, port: number) =>
    trace(new Landscape({ ...land.facts, endpoints: [...facts.endpoints, published] }), caller, {
      ...{ protocol: "tcp", destination, port },
    }).verdict;

  test.each<[Caller, string, number]>([
    [outside, "192.0.2.1", 8190],
    [outside, "192.0.2.1", 8191],
    [host, "127.0.0.1", 8200],
  ])("is not judged: %j to %s:%i", (caller, destination, port) => {
    expect(verdictOf(caller, destination, port)).toMatchObject({
      ...{ reaches: false, unknown: true },
      why: expect.stringMatching(
        new RegExp(`^port ${port}/tcp of .* is published by the plug-in of network "p" \\(driver ptp\\), whose rules`),
      ),
    });
  });

  test.each([
    ["192.0.2.1", 8192],
    ["192.0.2.1", 8200],
    ["fd00:a::1", 8190],
  ])("is none beyond that: %s:%i", (destination, port) => {
    expect(verdictOf(outside, destination, port).unknown).toBeUndefined();
  });
});

test("a container on a network without subnets, whose plug-in chose its address, is known by that address", () => {
  const list: NetworkRow = { ...network, network: { ...network.network, driver: "cni", subnets: [] } };
  const listed = new Landscape({
    ...facts,
    networks: [...facts.networks, list],
    endpoints: [...facts.endpoints, endpoint],
  });
  const caller: Caller = { ...inside, netns: anyEndpoint.endpoint.netns, rows: [anyEndpoint] };
  const to = (destination: string) => trace(listed, caller, { protocol: "ping", destination }).verdict;
  expect(to("10.99.0.2")).toMatchObject({ unknown: true, why: expect.stringContaining("of driver cni") });
  expect(to("10.99.0.3").why).not.toContain("of driver cni");
});

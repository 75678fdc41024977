import fc from "fast-check";
import type { Endpoint, Network, PortBinding } from "../../../src/api/index.js";

/** A network of one subnet, behind one uplink that did not forward. */
export function network(changes: Partial<Network> = {}): Network {
  return {
    id: "1".repeat(64),
    name: "testbr",
    driver: "bridge",
    created: "2026-01-01T00:00:00.000Z",
    subnets: [{ cidr: "10.10.10.0/24", gateway: "10.10.10.1" }],
    options: {},
    labels: {},
    mac: "02:00:00:00:00:01",
    uplinks: [{ name: "eth0", forwarding: false }],
    ...changes,
  };
}

/** Subnets of both families. */
export const dual = {
  subnets: [
    { cidr: "10.10.10.0/24", gateway: "10.10.10.1" },
    { cidr: "fd00:10::/64", gateway: "fd00:10::1" },
  ],
} as const satisfies Partial<Network>;

type EndpointChanges = Omit<Partial<Endpoint>, "metric"> & { readonly metric?: number | undefined };

/** The first endpoint of that network, with its default route unless `metric` is undefined. */
export function endpoint(changes: EndpointChanges = {}): Endpoint {
  const { metric, ...others } = { metric: 100, ...changes };
  return {
    id: "2".repeat(64),
    networkId: "1".repeat(64),
    netns: "/run/tsd/netns/333333333333",
    interface: "eth0",
    mac: "02:00:00:00:00:02",
    addresses: ["10.10.10.2/24"],
    ports: [],
    ...(metric === undefined ? {} : { metric }),
    ...others,
  };
}

const port: fc.Arbitrary<PortBinding> = fc
  .record({
    protocol: fc.constantFrom("tcp", "udp", "sctp"),
    hostAddress: fc.option(fc.constantFrom("127.0.0.1", "192.0.2.1"), { nil: undefined }),
    hostPort: fc.integer({ min: 1, max: 65_000 }),
    containerPort: fc.integer({ min: 1, max: 65_000 }),
    count: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ hostAddress, ...rest }) => (hostAddress === undefined ? rest : { ...rest, hostAddress }));

const interfaceName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,14}$/);

const boolean = fc.constantFrom("true", "false");

/** Networks of IPv4, IPv6 or both, whose options do not contradict each other. */
export const anyNetwork: fc.Arbitrary<Network> = fc
  .record(
    {
      id: fc.stringMatching(/^[0-9a-f]{64}$/),
      third: fc.nat({ max: 255 }),
      families: fc.constantFrom<readonly number[]>([4], [6], [4, 6]),
      options: fc.record(
        {
          ...{ name: interfaceName, mtu: fc.integer({ min: 1280, max: 65_535 }).map(String) },
          ...{ masquerade: boolean, icc: boolean, isolate: boolean },
          // Not of IPv4: its ports may be bound to an address.
          gateway_mode_ipv6: fc.constantFrom("nat", "routed"),
        },
        { requiredKeys: [] },
      ),
      uplinks: fc.array(
        fc.record(
          { name: interfaceName, forwarding: fc.boolean(), forwarding6: fc.boolean() },
          { requiredKeys: ["name", "forwarding"] },
        ),
        { maxLength: 3 },
      ),
      leaveForwarding: fc.boolean(),
      egressMtu: fc.integer({ min: 68, max: 65_535 }),
    },
    { requiredKeys: ["id", "third", "families", "options", "uplinks"] },
  )
  .map(({ third, families, ...rest }) => {
    const subnets = [
      { cidr: `10.1.${third}.0/24`, gateway: `10.1.${third}.1` },
      { cidr: `fd00:1:${third}::/64`, gateway: `fd00:1:${third}::1` },
    ];
    return network({ ...rest, subnets: subnets.filter((_, index) => families.includes(index === 0 ? 4 : 6)) });
  });

export const anyEndpoint: fc.Arbitrary<Endpoint> = fc
  .record({
    id: fc.stringMatching(/^[0-9a-f]{64}$/),
    interface: interfaceName,
    ports: fc.array(port, { maxLength: 4 }),
    metric: fc.option(fc.integer({ min: 1, max: 0xffff }), { nil: undefined }),
  })
  .map(endpoint);

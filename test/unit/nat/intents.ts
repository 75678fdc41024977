import fc from "fast-check";
import type { Allow, Guard, Isolate, NatIntent, Publish } from "../../../src/api/index.js";

export {
  allow,
  guard,
  isolate,
  masquerade,
  member,
  publish,
  segment,
  trunk,
} from "../../../src/testing/backend/intents.js";

const id = fc.stringMatching(/^[0-9a-f]{64}$/);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/);
const port = fc.integer({ min: 1, max: 65_535 });

/** Any publication, but of at most 20 ports and with both addresses of one family. */
const anyPublish: fc.Arbitrary<Publish> = fc
  .record({
    owner: id,
    bridge: name,
    protocol: fc.constantFrom("tcp", "udp", "sctp"),
    addresses: fc.oneof(
      fc.record({ containerAddress: fc.ipV4(), hostAddress: fc.option(fc.ipV4(), { nil: undefined }) }),
      fc.record({ containerAddress: fc.ipV6(), hostAddress: fc.option(fc.ipV6(), { nil: undefined }) }),
    ),
    hostPort: port,
    containerPort: port,
    same: fc.boolean(),
    count: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ addresses: { containerAddress, hostAddress }, same, ...rest }) => {
    const containerPort = same ? rest.hostPort : rest.containerPort;
    const count = Math.min(rest.count, 65_536 - Math.max(rest.hostPort, containerPort));
    const host = hostAddress === undefined ? {} : { hostAddress };
    return { ...rest, kind: "publish", containerAddress, containerPort, count, ...host };
  });

const anyIsolate: fc.Arbitrary<Isolate> = fc.record(
  {
    kind: fc.constant("isolate" as const),
    owner: id,
    bridge: name,
    apart: fc.boolean(),
    internal: fc.boolean(),
    open: fc.boolean(),
    pingable: fc.boolean(),
    guarded: fc.boolean(),
  },
  { requiredKeys: ["kind", "owner", "bridge"] },
);

/** At most 20 ports, both addresses of one family. */
const anyAllow: fc.Arbitrary<Allow> = fc
  .record({
    owner: id,
    bridge: name,
    protocol: fc.constantFrom("tcp", "udp", "sctp"),
    addresses: fc.oneof(
      fc.record({ address: fc.ipV4(), from: fc.option(fc.ipV4(), { nil: undefined }) }),
      fc.record({ address: fc.ipV6(), from: fc.option(fc.ipV6(), { nil: undefined }) }),
    ),
    port: fc.integer({ min: 1, max: 65_500 }),
    count: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ addresses: { address, from }, ...rest }) => ({
    ...rest,
    kind: "allow",
    address,
    ...(from === undefined ? {} : { from }),
  }));

const anyGuard: fc.Arbitrary<Guard> = fc.record({
  kind: fc.constant("guard" as const),
  owner: id,
  bridge: name,
  link: name,
  mac: fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets) =>
    Buffer.from(octets)
      .toString("hex")
      .replace(/..(?=.)/g, "$&:"),
  ),
  addresses: fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
});

export const anyIntent: fc.Arbitrary<NatIntent> = fc.oneof(
  anyIsolate,
  anyAllow,
  anyGuard,
  fc.constantFrom(["10.1.0.0/16", "192.0.2.7"], ["fd00:7::/64", "2001:db8::7"]).chain(([subnet = "", address = ""]) =>
    fc.record({
      kind: fc.constant("masquerade" as const),
      owner: id,
      bridge: name,
      subnet: fc.constant(subnet),
      address: fc.constant(address),
    }),
  ),
  fc.record({
    kind: fc.constant("masquerade" as const),
    owner: id,
    bridge: name,
    subnet: fc.constantFrom("10.1.0.0/16", "192.168.7.0/24", "fd00:7::/64"),
  }),
  anyPublish,
);

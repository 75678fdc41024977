import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../../../src/api/index.js";
import { removalOrder } from "../../../../src/engine/resources/removal-order.js";

const inside = { netns: "/run/netns/x" };
const netns: Resource = { kind: "netns", path: inside.netns };
const lo: Resource = { kind: "link", type: "loopback", name: "lo", ...inside };
const veth: Resource = { kind: "link", type: "veth", name: "v", master: "br", peer: { ...inside, name: "eth0" } };
const lan: Resource = { kind: "link", type: "macvlan", name: "eth1", parent: "up0", mode: "bridge", ...inside };
const address: Resource = { kind: "address", link: "eth0", address: "10.0.0.2/24", ...inside };
const route: Resource = { kind: "route", destination: "0.0.0.0/0", gateway: "10.0.0.1", link: "eth0", ...inside };
const port = { protocol: "tcp", hostPort: 80, containerPort: 80, count: 1 } as const;
const publish: Resource = { kind: "publish", owner: "e", bridge: "br", containerAddress: "10.0.0.2", ...port };
const isolate: Resource = { kind: "isolate", owner: "n", bridge: "br" };
const masquerade: Resource = { kind: "masquerade", owner: "n", bridge: "br", subnet: "10.0.0.0/24" };
const guarded = { mac: "02:42:0a:00:00:02", addresses: ["10.0.0.2"] } as const;
const guard: Resource = { kind: "guard", owner: "e", bridge: "br", link: "v", ...guarded };
const bridge: Resource = { kind: "link", type: "bridge", name: "br" };
const gateway: Resource = { kind: "address", link: "br", address: "10.0.0.1/24" };
const resolver: Resource = { kind: "resolver", ...inside };
const sysctl: Resource = { kind: "sysctl", key: "net/ipv4/conf/br/forwarding", value: "1" };
const directory: Resource = { kind: "directory", path: "/d" };
const file: Resource = { kind: "file", path: "/d/hosts", content: "" };
const overlay: Resource = { kind: "overlay", path: "/d/r", lower: [], upper: "/d/u", work: "/d/w" };

test.each<[string, readonly Resource[], readonly Resource[]]>([
  ["nothing", [], []],
  ["a network", [bridge, gateway, sysctl, isolate, masquerade], [masquerade, isolate, sysctl, gateway, bridge]],
  [
    "a container: what lives in its namespace goes with that",
    [directory, overlay, file, netns, lo, veth, address, route, publish],
    [publish, netns, file, overlay, directory, veth],
  ],
  ["a resolver: it lets go before the namespace is dropped", [netns, lo, resolver, veth], [resolver, netns, veth]],
  [
    "a link that lives in the namespace and stands on one of the host's: it goes before the namespace",
    [netns, lo, veth, address, lan, publish],
    [publish, lan, netns, veth],
  ],
  ["a guard: its port goes first", [guard, veth, publish], [publish, veth, guard]],
  ["an endpoint in a namespace of somebody else", [veth, address, route, publish], [publish, route, address, veth]],
])("%s", (_name, resources, order) => {
  expect(removalOrder(resources)).toEqual(order);
});

test("whatever the list: intents, then namespaces, then the rest, beside a namespace links last, then guards, each in reverse, and nothing else is left out", () => {
  const other: Resource = { kind: "netns", path: "/run/netns/other" };
  const gone = new Set<Resource>([lo, address, route]);
  const all = [
    guard,
    netns,
    other,
    lo,
    veth,
    address,
    route,
    publish,
    isolate,
    masquerade,
    bridge,
    gateway,
    sysctl,
    file,
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(all), (resources) => {
      const order = removalOrder(resources);
      const ranks: readonly (readonly string[])[] = [
        ["publish", "isolate", "masquerade"],
        ["netns"],
        [],
        resources.some(({ kind }) => kind === "netns") ? ["link"] : [],
        ["guard"],
      ];
      const rank = ({ kind }: Resource): number => {
        const found = ranks.findIndex((kinds) => kinds.includes(kind));
        return found < 0 ? 2 : found;
      };
      expect(order.map(rank)).toEqual(order.map(rank).sort());
      for (const group of ranks.keys())
        expect(order.filter((resource) => rank(resource) === group)).toEqual(
          resources.filter((resource) => order.includes(resource) && rank(resource) === group).reverse(),
        );
      const left = resources.filter((resource) => !order.includes(resource));
      expect(left).toEqual(resources.includes(netns) ? resources.filter((resource) => gone.has(resource)) : []);
    }),
  );
});

import { expect, test } from "@jest/globals";
import type { HostDrift } from "../../../../src/api/index.js";
import type { EndpointRow } from "../../../../src/contracts/index.js";
import { hostMap } from "../../../../src/engine/map/host-map.js";
import { makeContainer, makeDetails, makeEndpoint } from "../../presenters/samples.js";
import { matrixFacts } from "../explain/matrix-landscape.js";

const { networks, endpoints, machine } = matrixFacts();
const running = endpoints.map(({ id, endpoint }) => {
  const { netns } = endpoint;
  const sandbox = { id, netns, directory: "/d", hostname: "h", hosts: [], maker: id };
  return { ...makeDetails({ id, name: netns.slice(-2), sandbox }), netns };
});
const [first] = running;
const guest = { ...makeDetails({ id: "7".repeat(64), name: "aa-guest" }), netns: first?.netns ?? "" };
const { startedAt: _startedAt, ...rest } = makeContainer();
const ended = {
  container: { ...rest, id: "6".repeat(64), name: "ended", status: "exited" as const },
  configured: [{ network: "a", networkId: networks[0]?.id ?? "", attachment: { network: "a", address: "10.10.10.9" } }],
  endpoints: [],
  mounts: [],
};
const onHost = {
  container: makeContainer({ id: "8".repeat(64), name: "hosty", spec: { networks: [{ network: "host" }] } }),
  endpoints: [],
  mounts: [],
};
const foreign: EndpointRow = {
  ...(endpoints[0] as EndpointRow),
  ...{ id: "f1".repeat(32), endpoint: makeEndpoint({ networkId: networks[1]?.id ?? "", netns: "/run/netns/vm" }) },
};

const of = (kind: "network" | "endpoint" | "container", id: string) => ({ kind, id, name: "x" }) as const;
const resource = { kind: "netns", path: "/x" } as const;
const drifts: readonly HostDrift[] = [
  { problem: "missing", resource, of: of("network", networks[0]?.id ?? ""), repairable: true },
  { problem: "missing", resource, of: of("endpoint", endpoints[0]?.id ?? ""), repairable: true },
  { problem: "different", resource, of: of("container", "7".repeat(64)), repairable: true },
  { problem: "outdated", of: { kind: "network", id: networks[1]?.id ?? "", name: "x" }, what: "MTU" },
  { problem: "stray", kind: "link", what: "veth0", why: "no endpoint lists it" },
];

const map = hostMap({
  ...{ host: "lab", networks, drifts, endpoints: [...endpoints, foreign], elsewhere: [] },
  containers: [guest, ended, onHost, ...running],
  ...{ uplinks: machine.uplinks(), addresses: machine.addresses() },
});
const stackOf = (name: string) => map.stacks.find(({ containers, id }) => containers[0]?.name === name || id === name);

test("networks have what a user must know of them", () => {
  expect(map.networks.map(({ name, link, traits }) => [name, link, traits.join(", ")])).toEqual([
    ["a", "br-a", ""],
    ["b", "br-b", ""],
    ["c", "br-c", "icc=false"],
    ["d", "br-d", "internal"],
    ["e", "br-e", "isolate=false"],
    ["r", "br-r", "no masquerade"],
  ]);
  expect(map.uplinks).toEqual([{ name: "up0", addresses: ["192.0.2.1/24", "192.0.2.3/24", "2001:db8::1/64"] }]);
});

test("a namespace is one stack with all containers in it, its own first", () => {
  expect(stackOf("a1")).toMatchObject({
    containers: [{ name: "a1" }, { name: "aa-guest" }],
    attachments: [{ networkId: networks[0]?.id, addresses: ["10.10.10.2/24", "fd00:a::2/64"] }],
  });
  expect(stackOf("aa-guest")).toBeUndefined();
});

test("what does not run, what has the host's network and what tsd did not make are there too", () => {
  expect(stackOf("ended")).toMatchObject({ attachments: [{ networkId: networks[0]?.id, addresses: ["10.10.10.9"] }] });
  expect(stackOf("ended")?.containers[0]).not.toHaveProperty("startedAt");
  expect(stackOf("hosty")).toMatchObject({ mode: "host", attachments: [] });
  expect(stackOf("hosty")).not.toHaveProperty("netns");
  expect(stackOf("/run/netns/vm")).toMatchObject({ containers: [], attachments: [{ networkId: networks[1]?.id }] });
});

test("each drift is at what it is of", () => {
  expect(map.networks.map((network) => network.drifts.length)).toEqual([1, 1, 0, 0, 0, 0]);
  expect(stackOf("a1")?.drifts.map(({ problem }) => problem)).toEqual(["missing", "different"]);
  expect(map.drifts).toEqual([drifts[4]]);
});

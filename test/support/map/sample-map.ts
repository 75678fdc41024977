import type { HostMap, MapAttachment, MapNetwork, MapStack } from "../../../src/api/index.js";

const ids = ["4f", "a8", "1c", "d3", "76"];
const names = ["bridge", "web", "back", "apart", "lan"];

function network(name: string, changes: Partial<MapNetwork> = {}): MapNetwork {
  const index = names.indexOf(name);
  const id = (ids[index] ?? "00").repeat(32);
  return {
    ...{ id, name, driver: "bridge", link: `br-${id.slice(0, 12)}` },
    ...{ subnets: [`10.${index + 1}0.0.0/24`], traits: [], drifts: [] },
    ...changes,
  };
}

export const networkIdOf = (name: string): string => (ids[names.indexOf(name)] ?? "00").repeat(32);

function on(name: string, address: string, ports: MapAttachment["ports"] = []): MapAttachment {
  return { networkId: networkIdOf(name), endpointId: "e".repeat(64), interface: "eth0", addresses: [address], ports };
}

function stack(name: string, attachments: readonly MapAttachment[], changes: Partial<MapStack> = {}): MapStack {
  const id = Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64);
  const containers = [{ id, name, status: "running", startedAt: "2026-01-02T03:04:05Z" } as const];
  return { ...{ id, netns: `/run/tsd/netns/${name}`, containers, attachments, drifts: [] }, ...changes };
}

const tcp = { protocol: "tcp", count: 1 } as const;
const proxy = stack("proxy", [
  on("web", "10.10.0.2/24", [
    { ...tcp, hostPort: 80, containerPort: 80 },
    { ...tcp, hostPort: 443, containerPort: 8443 },
  ]),
]);

/** A host with something of everything: two networks at once, a sidecar, an end, drift, modes, a namespace of another program. */
export const sampleMap: HostMap = {
  host: "lab-7",
  uplinks: [{ name: "eth0", addresses: ["203.0.113.2/24", "2001:db8::2/64"] }],
  networks: [
    network("apart", { traits: ["icc=false"], drifts: [drifted("apart")] }),
    network("back", { traits: ["internal"] }),
    network("bridge", { link: "tsd0" }),
    network("lan", { driver: "macvlan", link: "eth0", subnets: ["203.0.113.0/24"] }),
    network("web", { subnets: ["10.10.0.0/24", "fd00:10::/64"] }),
  ],
  stacks: [
    stack("cache", [
      on("back", "10.20.0.11/24", [{ ...tcp, hostAddress: "127.0.0.1", hostPort: 6379, containerPort: 6379 }]),
    ]),
    stack("db", [on("back", "10.20.0.10/24")]),
    onHost("exporter"),
    { ...stack("job-1", [on("apart", "10.30.0.2/24")]), drifts: [drifted("job-1")] },
    exited("job-2", [on("apart", "10.30.0.3")]),
    stack("metrics", [
      on("bridge", "172.20.0.2/24", [
        { ...tcp, hostPort: 9090, containerPort: 9090 },
        { protocol: "udp", hostPort: 30000, containerPort: 30000, count: 100 },
      ]),
      on("back", "10.20.0.12/24"),
    ]),
    stack("printer", [on("lan", "203.0.113.77/24")]),
    {
      ...proxy,
      containers: [...proxy.containers, { id: "5".repeat(64), name: "sidecar", status: "running" }],
    },
    stack("sealed", [], { mode: "none" }),
    stack("www", [
      { ...on("web", "10.10.0.3/24"), addresses: ["10.10.0.3/24", "fd00:10::3/64"] },
      on("back", "10.20.0.3/24"),
    ]),
    {
      id: "/run/netns/vm1",
      netns: "/run/netns/vm1",
      containers: [],
      attachments: [on("web", "10.10.0.9/24")],
      drifts: [],
    },
  ],
  drifts: [],
};

function exited(name: string, attachments: readonly MapAttachment[]): MapStack {
  const { netns: _netns, ...made } = stack(name, attachments);
  return { ...made, containers: made.containers.map(({ id }) => ({ id, name, status: "exited" })) };
}

function onHost(name: string): MapStack {
  const { netns: _netns, ...made } = stack(name, []);
  return { ...made, mode: "host" };
}

function drifted(name: string) {
  return {
    problem: "missing",
    resource: { kind: "link", type: "dummy", name: `br-${name}` },
    of: { kind: "network", id: networkIdOf(name), name },
    repairable: true,
  } as never;
}

/** So many containers, in turn on each network and on two. */
export function crowd(count: number): HostMap {
  const networks = sampleMap.networks.slice(0, 4);
  const stacks = Array.from({ length: count }, (_, index) => {
    const name = networks[index % networks.length]?.name ?? "";
    const second = index % 5 === 0 ? [on("web", `10.10.0.${index + 2}/24`)] : [];
    const ports = index % 4 === 0 ? [{ ...tcp, hostPort: 8000 + index, containerPort: 80 }] : [];
    const made = stack(`service-${index + 1}`, [on(name, `10.20.0.${index + 2}/24`, ports), ...second]);
    return index % 7 === 3 ? exited(`service-${index + 1}`, made.attachments) : made;
  });
  return { ...sampleMap, networks: sampleMap.networks, stacks };
}

function elsewhere(name: string, host: string, address: string): MapStack {
  return {
    ...{ id: `elsewhere ${host} ${name}`, elsewhere: { host, hosts: 1, endpoints: 1, name } },
    ...{ containers: [], attachments: [on("web", address)], drifts: [] },
  };
}

/** A network with containers on other hosts, one by one and by their number. */
export const clusterMap: HostMap = {
  ...sampleMap,
  networks: sampleMap.networks.filter(({ name }) => name !== "apart"),
  stacks: [
    stack("www", [on("web", "10.10.0.2/24")]),
    elsewhere("db", "lab-8", "10.10.0.66"),
    elsewhere("<b>", `lab"9<'`, "10.10.0.130"),
    ...[
      { host: "lab-10", hosts: 1, endpoints: 40 },
      { hosts: 30, endpoints: 900 },
    ].map(
      (many, index): MapStack => ({
        ...{ id: `elsewhere ${index}`, elsewhere: many, containers: [], drifts: [] },
        attachments: [{ networkId: networkIdOf("back"), addresses: [], ports: [] }],
      }),
    ),
  ],
};

/** Names that a picture must bear: long ones, wide ones, right-to-left ones, and those that mean something in XML. */
export const oddMap: HostMap = {
  ...sampleMap,
  host: `<script>alert("x")</script>&`,
  networks: [
    {
      ...network("web"),
      name: "n".repeat(200),
      link: "W".repeat(15),
      traits: ["internal", "icc=false", "no masquerade"],
    },
    { ...network("back"), name: "网络".repeat(60) },
    { ...network("lan"), name: "שלום עולם ".repeat(20), subnets: ["2001:db8:ffff:ffff:ffff:ffff:ffff:0/112"] },
  ],
  stacks: [
    stack("M".repeat(200), [
      { ...on("web", "10.10.0.2/24"), addresses: ["10.10.0.2/24", "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/112"] },
      on("back", "10.20.0.2/24"),
    ]),
    stack("漢字".repeat(100), [
      on(
        "back",
        "10.20.0.3/24",
        Array.from({ length: 40 }, (_, n) => ({ ...tcp, hostPort: n + 1, containerPort: n + 1 })),
      ),
    ]),
    stack("مرحبا بالعالم ".repeat(12), [on("lan", "10.40.0.4/24")]),
    {
      id: "/run/netns/a<b>&\"c'\u0007\u202e",
      netns: "/run/netns/x",
      containers: [],
      attachments: [on("lan", "10.40.0.5/24")],
      drifts: [],
    },
  ],
};

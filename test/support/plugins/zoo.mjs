import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Extensions of third parties, good and bad, for tests of the whole. Plain JavaScript: another process loads them. */

const capabilities = { needsIpam: true, publishes: false, namespace: "own", singleton: false };

/** A wire of its own to each endpoint, and a route of the host to it: the smallest driver that works. */
const wire = {
  type: "wire",
  capabilities,
  parseOptions: (raw) => raw,
  parseEndpointOptions: (raw) => raw,
  network: () => [],
  endpoint: (_, { netns, interface: link, mac, addresses, id, metric }) => {
    const name = `pt${id.slice(0, 12)}`;
    const [address] = addresses.map((cidr) => `${cidr.split("/")[0]}/32`);
    return [
      { kind: "link", type: "veth", name, mac: mac.replace(/^02:42/, "02:43"), peer: { netns, name: link, mac } },
      { kind: "address", link: name, address: "169.254.1.1/32" },
      { kind: "route", destination: address, link: name },
      { kind: "address", netns, link, address },
      { kind: "route", netns, destination: "169.254.1.1/32", link },
      ...(metric === undefined
        ? []
        : [{ kind: "route", netns, destination: "0.0.0.0/0", gateway: "169.254.1.1", link, metric }]),
    ];
  },
};

/** A bridge, and something of its own behind it. */
const tunneled = {
  ...wire,
  type: "tunneled",
  network: ({ id, mac }) => [
    { kind: "link", type: "bridge", name: `br-${id.slice(0, 12)}`, mac },
    { kind: "tunnel", name: `t\u001b[31m${id.slice(0, 4)}` },
  ],
};

/** The same at each endpoint. */
const tunneledEndpoints = {
  ...wire,
  type: "tunneled",
  endpoint: (network, endpoint) => [
    ...wire.endpoint(network, endpoint),
    { kind: "tunnel", netns: endpoint.netns, id: "inner" },
  ],
};

const tunnels = {
  kinds: ["tunnel"],
  ensure: async () => undefined,
  remove: async () => undefined,
  inspect: async () => [],
  describe: async (verb, resources) => resources.map(({ name }) => `tunnelctl ${verb} ${name}`),
};

function extension(parts) {
  return { name: "acme", apiVersion: 1, ...parts };
}

function withProvider(verbs) {
  return extension({ drivers: [tunneled], providers: [{ ...tunnels, ...verbs }] });
}

function withDriver(verbs) {
  return extension({ drivers: [{ ...wire, ...verbs }] });
}

export const zoo = {
  wire: extension({ drivers: [wire] }),
  tunnels: withProvider({}),
  inner: extension({ drivers: [tunneledEndpoints], providers: [tunnels] }),
  throwing: withProvider({ ensure: async () => Promise.reject(new Error("no tunnel today")) }),
  removing: withProvider({ remove: async () => Promise.reject(new Error("no way back")) }),
  looping: withDriver({
    network: () => {
      for (;;);
    },
  }),
  exiting: withProvider({
    ensure: async () => {
      await sleep(5);
      process.exit(0);
    },
  }),
  stray: withProvider({
    ensure: async () => {
      setInterval(() => undefined, 1000);
      void Promise.reject(new Error("nobody hears"));
      await sleep(20);
    },
  }),
  dying: withProvider({
    ensure: async () => {
      execFileSync("kill", ["-9", String(process.pid)]);
    },
  }),
  reaching: withDriver({ network: () => [{ kind: "file", path: "/etc/passwd", content: "" }] }),
  endless: withDriver({ endpoint: () => Array.from({ length: 100_000 }, () => ({ kind: "tunnel" })) }),
};

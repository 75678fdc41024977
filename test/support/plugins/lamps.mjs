import { existsSync, rmSync, writeFileSync } from "node:fs";

/** A plug-in as one file: a wire to each endpoint, and a kind of its own, a lamp that is on for a network and for each endpoint. */

const gateway = "169.254.1.1/32";
const pathOf = ({ owner }) => `/run/lamp-${owner}`;

const driver = {
  type: "lit",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false },
  parseOptions: (raw) => raw,
  parseEndpointOptions: (raw) => raw,
  network: ({ id }) => [{ kind: "lamp", owner: id }],
  endpoint: (_network, { id, netns, interface: name, mac, addresses }) => {
    const link = `lit${id.slice(0, 12)}`;
    const address = addresses[0].replace(/\/.*/, "/32");
    return [
      { kind: "link", type: "veth", name: link, mac: mac.replace(/^02:42/, "02:43"), peer: { netns, name, mac } },
      { kind: "address", link, address: gateway },
      { kind: "route", link, destination: address },
      { kind: "address", netns, link: name, address },
      { kind: "lamp", owner: id },
    ];
  },
};

const lamps = {
  kinds: ["lamp"],
  async ensure(resources) {
    for (const lamp of resources) writeFileSync(pathOf(lamp), "on\n");
  },
  async remove(resources) {
    for (const lamp of resources) rmSync(pathOf(lamp), { force: true });
  },
  inspect: async (resources) =>
    resources.filter((lamp) => !existsSync(pathOf(lamp))).map((resource) => ({ resource, problem: "missing" })),
  describe: async (verb, resources) =>
    resources.map((lamp) => (verb === "ensure" ? `echo on > ${pathOf(lamp)}` : `rm ${pathOf(lamp)}`)),
};

export default { name: "lamps", apiVersion: 1, drivers: [driver], providers: [lamps] };

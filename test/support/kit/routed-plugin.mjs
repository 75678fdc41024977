/**
 * A small sound plug-in, and the same with one flaw: a driver that leads a wire to each container and routes to it, and a kind of
 * resource of its own, a note below /run. What imports it stands in a module of its own, as an author's would.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { InvalidInput } from "./invalid-input.mjs";

const directory = "/run/kit-notes";
const gateway = "169.254.1.1";
const pathOf = ({ owner }) => `${directory}/${owner.slice(0, 12)}`;

function parse(raw) {
  for (const key of Object.keys(raw)) {
    if (key !== "text") throw new InvalidInput(`the routed driver has no option "${key}"`);
    if (raw[key].length > 100) throw new InvalidInput("the value of text is too long");
  }
  return { ...raw };
}

const driver = {
  type: "routed",
  capabilities: { needsIpam: true, publishes: false, namespace: "own", singleton: false },
  parseOptions: parse,
  parseEndpointOptions: parse,
  network: ({ id, options, uplinks }) => [
    { kind: "note", owner: id, text: options.text ?? "network" },
    ...uplinks
      .filter(({ forwarding }) => !forwarding)
      .map(({ name }) => ({ kind: "sysctl", key: `net/ipv4/conf/${name}/forwarding`, value: "1" })),
  ],
  endpoint(_network, { id, netns, interface: name, mac, addresses, metric }) {
    const link = `rt${id.slice(0, 12)}`;
    const [address] = addresses[0].split("/");
    const route = { kind: "route", netns, link: name };
    return [
      { kind: "link", type: "veth", name: link, peer: { netns, name, mac } },
      { kind: "address", link, address: `${gateway}/32` },
      { kind: "sysctl", key: `net/ipv4/conf/${link}/forwarding`, value: "1" },
      { kind: "route", destination: `${address}/32`, link },
      { kind: "address", netns, link: name, address: `${address}/32` },
      { ...route, destination: `${gateway}/32` },
      ...(metric === undefined ? [] : [{ ...route, destination: "0.0.0.0/0", gateway, metric }]),
      { kind: "note", owner: id, text: "endpoint" },
    ];
  },
};

const provider = {
  kinds: ["note"],
  async ensure(notes) {
    mkdirSync(directory, { recursive: true });
    for (const note of notes) writeFileSync(pathOf(note), note.text);
  },
  async remove(notes) {
    for (const note of notes) rmSync(pathOf(note), { force: true });
    try {
      rmdirSync(directory);
    } catch {
      // Another network has notes.
    }
  },
  inspect: async (notes) => notes.filter((note) => !holds(note)).map((resource) => ({ resource, problem: "missing" })),
  describe: async (verb, notes) =>
    notes
      .filter((note) => existsSync(pathOf(note)) === (verb === "remove"))
      .map((note) => (verb === "remove" ? `rm ${pathOf(note)}` : `echo '${note.text}' > ${pathOf(note)}`)),
};

function holds(note) {
  return existsSync(pathOf(note)) && readFileSync(pathOf(note), "utf8") === note.text;
}

/** Counts calls in this process, which a sound plug-in does not. */
let calls = 0;
const made = new Set();
/** The list with what `change` makes of each resource. */
const changed = (change) => ({
  endpoint: (network, endpoint) => driver.endpoint(network, endpoint).flatMap((one) => change(one, network, endpoint)),
});
const without = (holdsFor) => changed((one) => (holdsFor(one) ? [] : [one]));

/** By name: what of the driver, the provider or the extension is another. */
const flaws = {
  "a type that is no word": { driver: { type: "no word" } },
  "another version of the contracts": { extension: { apiVersion: 99 } },
  "a single network": { driver: { capabilities: { ...driver.capabilities, singleton: true } } },
  "any option is taken": { driver: { parseOptions: (raw) => ({ ...raw }) } },
  "an error that is not for people": {
    driver: {
      parseOptions(raw) {
        return parse(raw.text === " " ? raw.missing.text : raw);
      },
    },
  },
  "options that change when they are read again": {
    driver: { parseOptions: (raw) => ({ ...parse(raw), text: `${raw.text ?? ""}x` }) },
  },
  "a list that counts": {
    driver: { network: (network) => [{ kind: "note", owner: network.id, text: String(calls++) }] },
  },
  "a list that looks at the clock": {
    driver: { network: (network) => [{ kind: "note", owner: network.id, text: String(Date.now() > 4e12) }] },
  },
  "a network that is changed": {
    driver: {
      network(network) {
        network.labels.seen = "yes";
        return driver.network(network);
      },
    },
  },
  "one name for all endpoints": changed((one) => (one.type === "veth" ? [{ ...one, name: "rt0" }] : [one])),
  "a name that is too long": changed((one) => (one.type === "veth" ? [{ ...one, name: `${one.name}toolong` }] : [one])),
  "another container's namespace": changed((one) =>
    one.kind === "address" ? [{ ...one, netns: "/run/netns/other" }] : [one],
  ),
  "a kind without a provider": { extension: { providers: [] } },
  "a driver that acts": {
    driver: {
      endpoint(network, endpoint) {
        writeFileSync(`/run/kit-acted-${endpoint.id.slice(0, 8)}`, "");
        return driver.endpoint(network, endpoint);
      },
    },
  },
  "a resource that stays": { provider: { remove: async () => undefined } },
  "a provider that adds to what is there": {
    provider: {
      async ensure(notes) {
        mkdirSync(directory, { recursive: true });
        for (const note of notes) writeFileSync(pathOf(note), existsSync(pathOf(note)) ? "twice" : note.text);
      },
    },
  },
  "a plan that would make what is there": { provider: { describe: async (_verb, notes) => notes.map(() => "true") } },
  "a wrong address": changed((one) =>
    one.kind === "address" && one.netns !== undefined ? [{ ...one, address: "10.90.0.77/32" }] : [one],
  ),
  "no default route": without(({ destination }) => destination === "0.0.0.0/0"),
  "no way to the container": without(({ kind, netns }) => kind === "route" && netns === undefined),
  "ports that lead nowhere": { driver: { capabilities: { ...driver.capabilities, publishes: true } } },
  "an inspection that finds nothing": { provider: { inspect: async () => [] } },
  "a memory of what this process made": {
    provider: {
      async ensure(notes) {
        await provider.ensure(notes);
        for (const note of notes) made.add(note.owner);
      },
      remove: (notes) => provider.remove(notes.filter((note) => made.has(note.owner))),
    },
  },
  "an end of the process": { driver: { network: () => process.exit(7) } },
};

/** The extension with that flaw; sound without a name. */
export function flawedPlugin(flaw) {
  const { driver: otherDriver, provider: otherProvider, extension, ...verbs } = flaws[flaw] ?? {};
  return {
    name: "kit-routed",
    apiVersion: 1,
    drivers: [{ ...driver, ...verbs, ...otherDriver }],
    providers: [{ ...provider, ...otherProvider }],
    ...extension,
  };
}

/** A note's text is its only option. Nothing separates its networks, nor other machines from its containers. */
export const verification = {
  networks: [{ options: { text: "a" }, ipv6: false, reaches: { networks: true, inward: true } }],
};

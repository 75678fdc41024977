/** A small sound plug-in with an IPAM driver that remembers what it gave, and the same with one flaw. */
import { InvalidInput } from "./invalid-input.mjs";

const held = new Map();
const gone = new Set();
let calls = 0;

function parse(raw) {
  for (const key of Object.keys(raw)) throw new InvalidInput(`the ledger has no option "${key}"`);
  return {};
}

const ledger = {
  name: "ledger",
  parseOptions: parse,
  proposePool({ subnet = "10.66.0.0/24" }) {
    if (!subnet.endsWith(".0/24")) throw new InvalidInput(`the ledger has no pool ${subnet}`);
    return { cidr: subnet, gateway: subnet.replace("0/24", "1") };
  },
  releasePool: () => undefined,
  async proposeAddress({ pool, holder, address, leased }) {
    const taken = [...leased, ...held.values()];
    if (address !== undefined && taken.includes(address) && held.get(holder) !== address)
      throw new InvalidInput(`the ledger gave ${address} to another`);
    const free = Array.from({ length: 253 }, (_, at) => pool.cidr.replace("0/24", String(at + 2)));
    held.set(holder, address ?? held.get(holder) ?? free.find((one) => !taken.includes(one)));
    return held.get(holder);
  },
  async releaseAddress({ holder }) {
    held.delete(holder);
  },
};

/** By name: the verbs that are others. */
const flaws = {
  "any option is taken": { parseOptions: (raw) => ({ ...raw }) },
  "a gateway outside its pool": { proposePool: () => ({ cidr: "10.66.0.0/24", gateway: "10.67.0.1" }) },
  "another pool at each call": {
    proposePool: () => ({ cidr: `10.66.${++calls}.0/24`, gateway: `10.66.${calls}.1` }),
  },
  "a subnet that is ignored": { proposePool: () => ledger.proposePool({}) },
  "a string that is thrown": {
    proposePool: ({ subnet }) => (subnet === undefined ? ledger.proposePool({}) : Promise.reject("no such pool")),
  },
  "a pool that is given back but once": {
    releasePool({ networkId }) {
      if (gone.has(networkId)) throw new Error("no such pool");
      gone.add(networkId);
    },
  },
  "one address for all": { proposeAddress: () => "10.66.0.2" },
  "another address at each call": { proposeAddress: () => `10.66.0.${++calls + 1}` },
  "an address outside the pool": { proposeAddress: () => "10.67.0.2" },
  "an address with its prefix length": { proposeAddress: () => "10.66.0.2/24" },
  "the gateway's address": { proposeAddress: () => "10.66.0.1" },
  "an address that nobody asked for": {
    proposeAddress: ({ address, ...proposal }) => ledger.proposeAddress(proposal),
  },
  "an address that is given back but once": {
    releaseAddress({ holder }) {
      if (!held.delete(holder)) throw new Error("no such holder");
    },
  },
  "an address that stays taken": { releaseAddress: () => undefined },
};

/** The extension with that flaw; sound without a name. */
export function flawedPlugin(flaw) {
  return { name: "kit-ledger", apiVersion: 1, ipam: [{ ...ledger, ...flaws[flaw] }] };
}

export const verification = {};

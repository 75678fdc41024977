import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** A packet filter of a third party's that only writes down what it was asked for. */

const file = `${process.env.TSD_RUN}/ledger.json`;

const keyOf = (intent) => JSON.stringify(intent);
const read = () => new Map(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);
const write = (rules) => writeFileSync(file, JSON.stringify([...rules]));

function change(intents, work) {
  const rules = read();
  for (const intent of intents) work(rules, keyOf(intent), intent);
  write(rules);
}

const ledger = {
  name: "ledger",
  kinds: ["masquerade", "isolate", "publish", "allow", "guard"],
  probe: async () => ({ usable: true, version: "7" }),
  ensure: async (intents) => change(intents, (rules, key, intent) => rules.set(key, intent)),
  remove: async (intents) => change(intents, (rules, key) => rules.delete(key)),
  inspect: async (intents) => {
    const rules = read();
    return intents.filter((intent) => !rules.has(keyOf(intent))).map((resource) => ({ resource, problem: "missing" }));
  },
  describe: async (verb, intents) => intents.map(({ kind }) => `ledger ${verb} ${kind}`),
  purge: async () => rmSync(file, { force: true }),
  describePurge: async () => [`rm ${file}`],
};

export default { name: "ledger", apiVersion: 1, natBackends: [ledger] };

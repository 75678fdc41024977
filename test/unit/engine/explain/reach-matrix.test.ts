import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Drift, Resource } from "../../../../src/api/index.js";
import { BridgeDriver } from "../../../../src/drivers/bridge/bridge-driver.js";
import { Explain } from "../../../../src/engine/explain/explain.js";
import { NoneBackend } from "../../../../src/nat/none/none-backend.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { driversOf } from "../../../support/engine/drivers-of.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";
import { filterOf, matrixFacts, noCluster } from "./matrix-landscape.js";

const temporary = new TemporaryStore();
let store: SqliteStore;

beforeAll(() => {
  store = temporary.open();
  const { networks, endpoints, containers } = matrixFacts();
  store.transaction(() => {
    for (const row of networks) store.networks.insert(row);
    for (const row of containers) store.containers.insert(row);
    for (const row of endpoints) store.endpoints.insert(row);
  });
});
afterAll(() => temporary[Symbol.dispose]());

interface Scene {
  /** Kinds of resources that the kernel lacks. */
  readonly lacking: readonly string[];
  /** A link that forwards nothing. */
  readonly stopped: string;
  /** A link from which another's chain drops. */
  readonly dropped: string;
  readonly isHeard: boolean;
}

/** How often the kernel was looked at. */
const looks = { inspect: 0, chains: 0 };

function explainOf({ lacking, stopped, dropped, isHeard }: Scene): Explain {
  const chain = { tool: "nft", family: "inet", table: "filter", name: "forward" } as const;
  const filter = filterOf(async (packets) => {
    const lost = packets.filter(({ from }) => from === dropped);
    return lost.length === 0 ? [] : [{ chain, words: "table inet filter, chain forward", packets: lost }];
  });
  const host = {
    ...matrixFacts({ machine: { parameter: (key) => (key.includes(stopped) ? "0" : "1") } }).machine,
    ...filter,
    forwardDropsOfEach: (groups: Parameters<typeof filter.forwardDropsOfEach>[0]) => {
      looks.chains += 1;
      return filter.forwardDropsOfEach(groups);
    },
    listeners: () => (isHeard ? ["0.0.0.0", "::"] : []),
    resolverFiles: () => [{ path: "/etc/resolv.conf", text: "", nameservers: [], search: [], options: [] }],
  };
  const inspect = async (resources: readonly Resource[]): Promise<readonly Drift[]> => {
    looks.inspect += 1;
    return resources.flatMap((resource) => (lacking.includes(resource.kind) ? [{ resource, problem: "missing" }] : []));
  };
  return new Explain(
    {
      store,
      drivers: driversOf(new BridgeDriver()),
      host: async () => host as never,
      applier: { inspect } as never,
      ...noCluster,
    },
    { known: () => ({ active: "none", why: "chosen" }), held: async () => new NoneBackend() },
  );
}

const bridge = fc.constantFrom("br-a", "br-c", "br-e", "nothing");
const scenes: fc.Arbitrary<Scene> = fc.record({
  lacking: fc.subarray(["route", "address", "publish", "isolate", "link", "allow"], { maxLength: 2 }),
  ...{ stopped: bridge, dropped: bridge, isHeard: fc.boolean() },
});

test("every cell of a matrix is what explain says of the two", async () => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.constantFrom(undefined, "80", "5432", "53/udp"), async (scene, port) => {
      const explain = explainOf(scene);
      const { names, verdicts } = await explain.matrix(port === undefined ? {} : { port });
      expect(names).toEqual(["a1", "a2", "b1", "c1", "c2", "d1", "d2", "e1", "r1"]);
      const suffix = port === undefined ? "" : `:${port.includes("/") ? port : `${port}/tcp`}`;
      for (const [row, from] of names.entries()) {
        for (const [column, to] of names.entries()) {
          const { verdict } = await explain.explain(from, `${to}${suffix}`);
          expect({ from, to, verdict: verdicts[row]?.[column] }).toEqual({ from, to, verdict });
        }
      }
    }),
    { numRuns: 8 },
  );
});

test("however many containers there are, the kernel is looked at once", async () => {
  const explain = explainOf({ lacking: [], stopped: "nothing", dropped: "nothing", isHeard: true });
  looks.inspect = 0;
  looks.chains = 0;
  await explain.matrix({ port: "80" });
  expect(looks).toEqual({ inspect: 1, chains: 1 });
});

test("a matrix can be of one network", async () => {
  const explain = explainOf({ lacking: [], stopped: "nothing", dropped: "nothing", isHeard: true });
  const { names, target } = await explain.matrix({ network: "d", port: "53/udp" });
  expect([names, target]).toEqual([["d1", "d2"], "53/udp"]);
  await expect(explain.matrix({ network: "z" })).rejects.toMatchObject({ kind: "not-found" });
});

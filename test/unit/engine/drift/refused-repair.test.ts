import { expect, test } from "@jest/globals";
import type { Drift, Learned, Resource } from "../../../../src/api/index.js";
import type { Host } from "../../../../src/contracts/index.js";
import { DriftRepair } from "../../../../src/engine/drift/drift-repair.js";
import { endpointRow, idFrom, networkRow, sysctl } from "../../store/support/rows.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

const owner = { pid: 1, start: 1, bootId: "boot" };
const processes = { self: () => owner, isAlive: () => true, isRunning: () => true };
const host = async () => ({ addresses: () => [], listeners: () => undefined }) as unknown as Host;

/** A provider of one resource that is missing until it is made. */
class Applier {
  isMade = false;
  readonly calls: string[] = [];

  constructor(private readonly reports: Learned) {}

  async ensure(): Promise<void> {
    this.calls.push("ensure");
    this.isMade = true;
  }
  async remove(): Promise<void> {}
  async prepare(): Promise<void> {}
  async removeOrForget(): Promise<readonly Resource[]> {
    this.calls.push("remove");
    this.isMade = false;
    return [];
  }
  async inspect(resources: readonly Resource[]): Promise<readonly Drift[]> {
    return this.isMade ? [] : resources.map((resource) => ({ resource, problem: "missing" }));
  }
  async learn(): Promise<Learned> {
    return this.reports;
  }
  async missingKinds(): Promise<readonly string[]> {
    return [];
  }
}

test.each([
  [["10.4.0.9/24"], { made: true, calls: ["ensure"], addresses: ["10.4.0.9/24"], left: 0, said: 0 }],
  [["127.0.0.9/8"], { made: false, calls: ["ensure", "remove"], addresses: ["10.4.0.2/24"], left: 1, said: 1 }],
])("an endpoint that is made again with %j", async (addresses, outcome) => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const row = endpointRow(idFrom("e"), idFrom("a"), { state: "ready", resources: [sysctl("net/x")] });
  store.transaction(() => {
    store.networks.insert(networkRow(idFrom("a"), "lan", { state: "ready" }));
    store.endpoints.insert({ ...row, endpoint: { ...row.endpoint, addresses: ["10.4.0.2/24"] } });
  });
  const applier = new Applier({ addresses });
  const warnings: string[] = [];
  const repair = new DriftRepair(
    { store, applier, processes, host, warn: (text) => warnings.push(text) },
    { find: async () => [] },
    { skeleton: async () => undefined },
    {
      adaptations: { outdated: async () => [], follow: async () => undefined },
      neighbours: { follow: async () => undefined, lists: () => (row) => row.resources },
    },
  );
  const { found, left } = await repair.reload();
  expect(found).toMatchObject([{ problem: "missing", repairable: true }]);
  expect({
    made: applier.isMade,
    calls: applier.calls,
    addresses: store.endpoints.get(row.id)?.endpoint.addresses,
    left: left.length,
    said: warnings.length,
  }).toEqual(outcome);
  for (const warning of warnings)
    expect(warning).toMatch(
      /^an endpoint of \S+ is not repaired: driver "bridge" of network "lan" reports .*loopback\)$/,
    );
});

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { EndpointPeer, HostMap } from "../../../../src/api/index.js";
import type { Elsewhere, FoundElsewhere, Host } from "../../../../src/contracts/index.js";
import { readMap } from "../../../../src/engine/map/read-map.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { idFrom, networkRow } from "../../store/support/rows.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

const cluster = { vni: 4097, host: "a", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:01", blocks: [] };
const machine = { hostname: () => "a", uplinks: () => [], addresses: () => [] } as unknown as Host;
const [web, back] = [idFrom("1"), idFrom("2")];
let temporary: TemporaryStore;
let store: SqliteStore;
let made = 0;

beforeEach(() => {
  asked = { endpoints: [], total: 0 };
  temporary = new TemporaryStore();
  store = temporary.open();
  store.transaction(() => {
    for (const [id, name] of [
      [web, "web"],
      [back, "back"],
    ] as const) {
      const row = networkRow(id, name, { state: "ready" });
      store.networks.insert({ ...row, network: { ...row.network, driver: "overlay", cluster } });
    }
    store.networks.insert(networkRow(idFrom("3"), "local", { state: "ready" }));
  });
});

afterEach(() => temporary[Symbol.dispose]());

/** Writes down endpoints of another host, as its agent's record says. */
function onHost(host: string, networkId: string, ...endpoints: readonly Partial<EndpointPeer>[]): void {
  const { owner } = networkRow("x", "x");
  const base = { networkId, host, address: "192.0.2.2", mac: "02:00:00:00:00:02" };
  store.transaction(() => {
    const id = idFrom(`f${made++}f`);
    const resources = [] as const;
    store.peers.insert({ id, state: "ready", owner, resources, peer: { ...base, id, kind: "host", blocks: [] } });
    for (const endpoint of endpoints) {
      const own = idFrom(`e${made++}e`);
      const peer: EndpointPeer = { ...base, id: own, kind: "endpoint", addresses: [], names: [], ...endpoint };
      store.peers.insert({ id: own, state: "ready", owner, resources, peer });
    }
  });
}

/** Endpoints that no row is there for, and more than that. */
let asked: FoundElsewhere = { endpoints: [], total: 0 };
const elsewhere: Elsewhere = { find: async () => asked };

async function stacks(): Promise<HostMap["stacks"]> {
  return (await readMap({ store, host: async () => machine, elsewhere }, { containers: [], drifts: [] })).stacks;
}

test("containers of other hosts are one each, on all of their networks, by host and name", async () => {
  onHost("c", web, { names: ["db"], addresses: ["10.1.0.130"] });
  onHost("b", web, { names: ["www", "site"], addresses: ["10.1.0.66", "fd00:1::66"] }, { addresses: ["10.1.0.67"] });
  onHost("b", back, { names: ["www"], addresses: ["10.2.0.66"] });
  const [unnamed, www, db, ...others] = await stacks();
  expect(others).toEqual([]);
  expect(unnamed).toMatchObject({
    elsewhere: { host: "b", hosts: 1, endpoints: 1 },
    attachments: [{ addresses: ["10.1.0.67"] }],
  });
  expect(www).toMatchObject({
    elsewhere: { host: "b", hosts: 1, endpoints: 1, name: "www" },
    containers: [],
    attachments: [
      { networkId: web, addresses: ["10.1.0.66", "fd00:1::66"], ports: [] },
      { networkId: back, addresses: ["10.2.0.66"], ports: [] },
    ],
  });
  expect(db).toMatchObject({ elsewhere: { host: "c", name: "db" } });
});

test("where they are many there is a count for each host, and one for the rest of many hosts; other networks stay as they are", async () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => ({ names: [`c${n}`] }));
  for (let host = 10; host < 30; host++) onHost(`h${host}`, web, ...names(host));
  onHost("h10", back, { names: ["c0"], addresses: ["10.2.0.66"] });
  const found = await stacks();
  expect(found.map(({ elsewhere }) => elsewhere)).toEqual([
    { host: "h10", hosts: 1, endpoints: 1, name: "c0" },
    ...Array.from({ length: 15 }, (_, n) => ({ host: `h${n + 10}`, hosts: 1, endpoints: n + 10 })),
    { hosts: 5, endpoints: 25 + 26 + 27 + 28 + 29 },
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

test("what goes is not there", async () => {
  onHost("b", web, { names: ["www"] });
  store.transaction(() => {
    for (const row of store.peers.list()) store.peers.update({ ...row, state: "deleting" });
  });
  expect(await stacks()).toEqual([]);
});

test("endpoints without rows are those that other hosts name when they are asked", async () => {
  const base = { networkId: web, address: "192.0.2.2", mac: "02:00:00:00:00:02", kind: "endpoint" } as const;
  onHost("b", web, { names: ["pinned"], addresses: ["10.1.7.7"] });
  const db = { ...base, id: idFrom("d"), host: "c", names: ["db"], addresses: ["10.1.0.130"] };
  asked = { endpoints: [db], total: 1 };
  const names = async () => (await stacks()).map(({ elsewhere: own }) => `${own?.host} ${own?.name}`);
  // Each network is asked: only one of the two has it.
  expect(await names()).toEqual(expect.arrayContaining(["b pinned", "c db"]));
  asked = { endpoints: [db], total: 20_001 };
  expect((await stacks()).map(({ elsewhere: own }) => own)).toEqual(
    expect.arrayContaining([{ hosts: 1, endpoints: 10_001 }]),
  );
});

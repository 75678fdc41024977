import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import { leaseSweeper } from "../../../src/store/orphan-leases.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { containerRow, endpointRow, idFrom, networkRow } from "./support/rows.js";
import { TemporaryStore } from "./support/temporary-store.js";

const [network, endpoint, container] = ["1", "2", "3"].map(idFrom) as [string, string, string];
let temporary: TemporaryStore;
let store: SqliteStore;

const orphans = () => leaseSweeper(store.connection).orphans(() => []);
const words = async () => (await orphans()).map(({ kind, what, why }) => `${kind} ${what}: ${why}`);

/** Takes a row away behind the store's back. */
function lose(statement: string): void {
  const database = new DatabaseSync(temporary.path, { enableForeignKeyConstraints: false });
  database.exec(statement);
  database.close();
}

beforeEach(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
  const ipam = new LeaseBook(store.leases);
  store.transaction(() => {
    store.networks.insert(networkRow(network, "n"));
    store.endpoints.insert(endpointRow(endpoint, network));
    store.containers.insert(containerRow(container, "c"));
    ipam.requestPool({ networkId: network, subnet: "10.1.0.0/24", auxiliary: { router: "10.1.0.9" }, taken: [] });
    ipam.requestPool({ networkId: network, subnet: "fd00::/64", taken: [] });
    ipam.requestAddress({ networkId: network, cidr: "10.1.0.0/24", holder: endpoint });
    ipam.requestAddress({ networkId: network, cidr: "fd00::/64", holder: endpoint });
    ipam.requestAddress({ networkId: network, cidr: "10.1.0.0/24", address: "10.1.0.7", holder: container });
    store.endpoints.claimPorts(endpoint, [
      { protocol: "tcp", hostPort: 80, containerPort: 80, count: 1 },
      { protocol: "udp", hostAddress: "127.0.0.1", hostPort: 53, containerPort: 53, count: 1 },
    ]);
  });
});
afterEach(() => temporary[Symbol.dispose]());

test("nothing that a row accounts for is an orphan", async () => expect(await words()).toEqual([]));

test("leases of a lost endpoint are, of both families, and its port claims; they are free again", async () => {
  lose("DELETE FROM endpoints");
  expect(await words()).toEqual([
    "lease 10.1.0.2 of network 100000000000: nobody is called 200000000000, who has it",
    "lease fd00::2 of network 100000000000: nobody is called 200000000000, who has it",
    "port claim 80/tcp of endpoint 200000000000: there is no such endpoint",
    "port claim 53/udp on 127.0.0.1 of endpoint 200000000000: there is no such endpoint",
  ]);
  const before = store.leases.countLeases(network, "10.1.0.0/24");
  await leaseSweeper(store.connection).sweep(await orphans());
  expect(await words()).toEqual([]);
  expect(store.leases.countLeases(network, "10.1.0.0/24")).toBe(before - 1);
  expect(store.endpoints.portHolder({ protocol: "tcp", hostPort: 80, containerPort: 80, count: 1 })).toBeUndefined();
});

test("a lost container's reservation is, and the others stay", async () => {
  lose("DELETE FROM containers");
  expect(await words()).toEqual(["lease 10.1.0.7 of network 100000000000: nobody is called 300000000000, who has it"]);
  await leaseSweeper(store.connection).sweep(await orphans());
  expect(store.leases.lease(network, "10.1.0.0/24", 0x0a010002n)).toMatchObject({ holder: endpoint });
});

test("a lost network's pools are, with what it reserved, and the pools go whole", async () => {
  lose("DELETE FROM networks");
  const found = await words();
  expect(found).toContain("pool 10.1.0.0/24 of network 100000000000: there is no such network");
  expect(found).toContain("pool fd00::/64 of network 100000000000: there is no such network");
  expect(found.filter((line) => line.startsWith("lease 10.1.0.9 "))).toHaveLength(1);
  await leaseSweeper(store.connection).sweep(await orphans());
  expect(await words()).toEqual([]);
  expect(store.leases.pool(network, "10.1.0.0/24")).toBeUndefined();
});

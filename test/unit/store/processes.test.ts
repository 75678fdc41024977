import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import { migrations } from "../../../src/store/schema.js";
import { networkRow } from "./support/rows.js";
import { prepareStoreProcess } from "./support/spawn-store-process.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

let directory: string;
let start: Awaited<ReturnType<typeof prepareStoreProcess>>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tsd-processes-"));
  chmodSync(directory, 0o755);
  start = await prepareStoreProcess(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("several processes at once", () => {
  test("make one database", async () => {
    using temporary = new TemporaryStore();
    const opened = await Promise.all(Array.from({ length: 6 }, () => start({ args: ["open", temporary.path] }).output));
    expect(opened).toEqual(Array.from({ length: 6 }, () => ""));
    const database = new DatabaseSync(temporary.path);
    expect(database.prepare("SELECT count(*) AS count FROM schema_history").get()).toMatchObject({
      count: migrations.length,
    });
    database.close();
  }, 60_000);

  test("lease without losing an address or giving one twice", async () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const ipam = new LeaseBook(store.leases);
    const [count, cidr] = [150, "10.0.0.0/23"];
    store.transaction(() => ipam.requestPool({ networkId: "n1", subnet: cidr, taken: [] }));
    const names = ["a", "b", "c", "d"];
    const outputs = await Promise.all(
      names.map((name) => start({ args: ["lease", temporary.path, name, cidr, String(count)] }).output),
    );
    const leases = outputs.flatMap((output) => output.trim().split("\n"));
    const addresses = leases.map((lease) => lease.split(" ")[0]);
    expect(leases).toHaveLength((names.length * count * 2) / 3);
    expect(new Set(addresses).size).toBe(addresses.length);
    // The gateway's is one more.
    expect(store.leases.countLeases("n1", cidr)).toBe(leases.length + 1);
    const database = new DatabaseSync(temporary.path);
    const held = database.prepare("SELECT holder FROM leases WHERE holder <> 'n1' ORDER BY holder").all();
    database.close();
    expect(held.map(({ holder }) => holder)).toEqual(leases.map((lease) => lease.split(" ")[1]).sort());
  }, 60_000);

  test("lose nothing when one is killed in the middle of its transaction", async () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    store.transaction(() => store.networks.insert(networkRow("whole", "whole")));
    using writer = start({ args: ["hang", temporary.path] });
    const { child, output } = writer;
    if (child.stdout !== null) await once(child.stdout, "data");
    const impatient = temporary.open({ busyTimeout: 50 });
    expect(failureOf(() => impatient.transaction(() => undefined))).toMatchObject({
      kind: "store",
      code: "TSD_STORE_BUSY",
      message: expect.stringMatching(
        `^the state database ${temporary.path} is locked by process ${child.pid} \\(node .*store-process`,
      ),
      details: { pid: child.pid },
    });
    child.kill("SIGKILL");
    await output;
    const survivor = temporary.open();
    expect(survivor.networks.list().map(({ id }) => id)).toEqual(["whole"]);
    survivor.transaction(() => survivor.networks.insert(networkRow("half1", "half1")));
    expect(store.networks.list().map(({ id }) => id)).toEqual(["whole", "half1"]);
    const database = new DatabaseSync(temporary.path);
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    database.close();
  }, 60_000);

  test("that may not use the database are told so in one sentence", async () => {
    using temporary = new TemporaryStore();
    chmodSync(temporary.directory, 0o755);
    temporary.open();
    const before = readdirSync(temporary.directory, { recursive: true });
    const output = await start({ args: ["open", temporary.path], uid: 65_534 }).output;
    expect(JSON.parse(output)).toMatchObject({
      kind: "permission",
      code: "TSD_STORE_PERMISSION",
      message: `you may not use the state database ${temporary.path}`,
    });
    expect(readdirSync(temporary.directory, { recursive: true })).toEqual(before);
  }, 60_000);
});

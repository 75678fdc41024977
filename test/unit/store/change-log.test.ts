import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "@jest/globals";
import { containerRow, endpointRow, image, networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

function readChanges(path: string): readonly string[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare("SELECT kind, row_id, name, what FROM changes ORDER BY id").all();
  database.close();
  return rows.map(({ kind, row_id, name, what }) => `${kind} ${row_id} ${name ?? "-"} ${what}`);
}

describe("the change log", () => {
  test("has every row that came, went or changed its state, and nothing of what was undone", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const network = networkRow("n1", "web");
    store.transaction(() => store.networks.insert(network));
    failureOf(() =>
      store.transaction(() => {
        store.networks.insert(networkRow("n2", "undone"));
        throw new Error("undo");
      }),
    );
    store.transaction(() => {
      store.networks.update({ ...network, resources: [{ kind: "netns", path: "/run/x" }] });
      store.networks.update({ ...network, state: "ready" });
      store.endpoints.insert(endpointRow("e1", "n1"));
      store.containers.insert(containerRow("c1", "calm"));
      store.containers.update({ ...containerRow("c1", "calm"), state: "ready" });
      store.containers.update({ ...containerRow("c1", "calm", "running"), state: "ready" });
      store.endpoints.delete("e1");
      store.images.put(image("i1", "busybox:latest"));
      store.images.delete("i1");
      store.images.delete("i1");
    });
    expect(readChanges(temporary.path)).toEqual([
      "network n1 web creating",
      "network n1 web ready",
      "endpoint e1 - creating",
      "container c1 calm creating",
      "container c1 calm ready",
      "container c1 calm running",
      "endpoint e1 - deleted",
      "image i1 - added",
      "image i1 busybox:latest tagged",
      "image i1 busybox:latest untagged",
      "image i1 - deleted",
    ]);
  });

  test("keeps the last ten thousand", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    store.transaction(() => {
      for (let at = 0; at < 5_100; at++) {
        store.endpoints.insert(endpointRow(`e${at}`, "n1"));
        store.endpoints.delete(`e${at}`);
      }
    });
    const changes = readChanges(temporary.path);
    expect(changes).toHaveLength(10_000);
    expect(changes[0]).toBe("endpoint e100 - creating");
    expect(changes.at(-1)).toBe("endpoint e5099 - deleted");
  });

  test("has times in UTC", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const before = Date.now();
    store.transaction(() => store.networks.insert(networkRow("n1", "web")));
    const database = new DatabaseSync(temporary.path);
    const time = String(database.prepare("SELECT time FROM changes").get()?.time);
    database.close();
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(time) - before)).toBeLessThan(5_000);
  });
});

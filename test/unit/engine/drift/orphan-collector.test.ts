import { expect, jest, test } from "@jest/globals";
import type { Resource, Sweeper } from "../../../../src/api/index.js";
import { OrphanCollector } from "../../../../src/engine/drift/orphan-collector.js";
import { networkRow } from "../../store/support/rows.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

test("sweepers share one reading of the rows, until one may have changed", async () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const other = temporary.open();
  const insert = (into: typeof store, name: string) =>
    into.transaction(() =>
      into.networks.insert(networkRow(name, name, { resources: [{ kind: "netns", path: `/run/${name}` }] })),
    );
  insert(store, "a");
  const seen: (readonly Resource[])[] = [];
  const sweeper = (before: () => void): Sweeper => ({
    orphans: async (wanted) => {
      before();
      seen.push(wanted());
      return [];
    },
    sweep: async () => undefined,
  });
  const list = jest.spyOn(store.networks, "list");
  const sweepers = [
    () => undefined,
    () => undefined,
    () => insert(store, "b"),
    () => undefined,
    () => insert(other, "c"),
  ].map(sweeper);
  await new OrphanCollector({ store, warn: () => undefined, sweepers: async () => sweepers }).find();
  expect(seen.map((resources) => resources.length)).toEqual([1, 1, 2, 2, 3]);
  expect(list).toHaveBeenCalledTimes(3);
});

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { openLocalState } from "../../../src/cluster/local/open-local-state.js";
import { describeHostRecords } from "../../support/cluster-state/host-records-contract.js";
import { describeNetworkRecords } from "../../support/cluster-state/network-records-contract.js";
import { describeClusterState } from "../../support/cluster-state/state-contract.js";

const directory = mkdtempSync(join(tmpdir(), "tsd-local-state-"));
const path = join(directory, "cluster.db");
const kept = 50;
const records = [openLocalState(`${path}.records`), openLocalState(`${path}.records`)] as const;
const states = [openLocalState(path, { kept }), openLocalState(path, { kept })] as const;

afterAll(async () => {
  for (const state of [...states, ...records]) await state[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

describe("the state of one host alone", () => {
  describeClusterState({
    states: () => states,
    compact: async () => {
      for (let n = 0; n < kept; n++)
        await states[0].commit({ require: [], put: [{ key: "/filler", value: String(n) }], remove: [] });
    },
  });
});

test("a state that is imagined, as by a dry run, is no file", async () => {
  await using state = openLocalState(":memory:");
  expect(await state.read("/")).toMatchObject({ records: [] });
  expect(existsSync(":memory:")).toBe(false);
});

describe("records in the state of one host alone", () => {
  describeHostRecords(() => records);
  describeNetworkRecords(() => records);
});

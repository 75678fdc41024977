import { expect, test } from "@jest/globals";
import { soakTable } from "../../../script/figures/soak-table.js";

test("figures of a soak become two tables, refusals in order of their codes", () => {
  const many = { seed: 1, processes: 32, rounds: 2, commands: 1280, done: 1270, failed: [], residue: 0 };
  const refused = { TSD_PORT_TAKEN: 3, TSD_NETWORK_BUSY: 7 };
  const lines = soakTable({ ...many, refused }, { histories: 5, commands: 40 }).split("\n");
  expect(lines).toContain("| commands | 1,280 |");
  expect(lines).toContain("| … refused for a reason of the user's (below) | 10 |");
  expect(lines.slice(-3)).toEqual(["| TSD_NETWORK_BUSY | 7 |", "| TSD_PORT_TAKEN | 3 |", ""]);
});

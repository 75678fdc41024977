import { expect, test } from "@jest/globals";
import { operationLine } from "../../../src/cli/watch-operations.js";

test.each([
  [
    { into: "netlink", what: "create link br0", took: 0.84 },
    "tsd: debug: 50.1 ms ! netlink (0.8 ms) create link br0\n",
  ],
  [
    { into: "program", what: "nft -f - <<< add table inet tsd\n", reads: true, took: 4 },
    "tsd: debug: 50.1 ms ? program (4.0 ms) nft -f - <<< add table inet tsd\n",
  ],
  [
    { into: "file", what: "write /x", took: 1, error: new Error("no room") },
    "tsd: debug: 50.1 ms ! file (1.0 ms) write /x: no room\n",
  ],
] as const)("%j is told as %j", (operation, line) => {
  expect(operationLine({ phase: "after", ...operation }, 50.06)).toBe(line);
});

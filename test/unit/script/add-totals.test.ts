import { expect, test } from "@jest/globals";
import { addTotals, type JestResult, totalsLine } from "../../../script/totals/add-totals.js";

const run = (passed: number, failed = 0, more: Partial<JestResult> = {}): JestResult => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...more,
});

test.each([
  ["runs add up", [run(3, 1), run(4)], 0, "7 passed, 1 failed"],
  ["a guard that failed counts", [run(3)], 2, "3 passed, 2 failed"],
  ["a file that could not run counts", [run(3, 0, { numRuntimeErrorTestSuites: 1 })], 0, "3 passed, 1 failed"],
  ["a run that died counts", [run(3), undefined], 0, "3 passed, 1 failed"],
  ["a run without a test counts", [run(3), run(0)], 0, "3 passed, 1 failed"],
  ["skipped tests are told", [run(3, 0, { numPendingTests: 1, numTodoTests: 1 })], 0, "3 passed, 0 failed, 2 skipped"],
])("%s", (_, runs, guards, line) => expect(totalsLine(addTotals(runs, guards))).toBe(line));

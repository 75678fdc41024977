import { expect, test } from "@jest/globals";
import { nanoseconds } from "../../../src/contracts/instant.js";
import { parseInstant } from "../../../src/filters/instant.js";

const now = Date.parse("2026-03-01T12:00:00.250Z");

test.each([
  ["2026-02-28T23:59:60Z", undefined],
  ["2026-02-28", new Date(2026, 1, 28).toISOString().replace(".000Z", ".000000000Z")],
  ["2026-02-28Z", "2026-02-28T00:00:00.000000000Z"],
  ["2026-02-28+02:00", "2026-02-27T22:00:00.000000000Z"],
  ["2026-02-28T10:00Z", "2026-02-28T10:00:00.000000000Z"],
  ["2026-02-28T10:00:01.123456789Z", "2026-02-28T10:00:01.123456789Z"],
  ["2026-02-28T10:00:01.5-01:00", "2026-02-28T11:00:01.500000000Z"],
  ["2026-02-30", undefined],
  ["1772361600", "2026-03-01T10:40:00.000000000Z"],
  ["1772361600.000000001", "2026-03-01T10:40:00.000000001Z"],
  ["10m", "2026-03-01T11:50:00.250000000Z"],
  ["1h30m", "2026-03-01T10:30:00.250000000Z"],
  ["1.5h", "2026-03-01T10:30:00.250000000Z"],
  ["250ms", "2026-03-01T12:00:00.000000000Z"],
  ["1m1", undefined],
  ["-10m", undefined],
  ["yesterday", undefined],
  ["", undefined],
])("the time %j is %s", (text, expected) => {
  const parse = () => parseInstant("since", text, now);
  if (expected === undefined) expect(parse).toThrow(`--since "${text}" is no time`);
  else expect(parse()).toBe(expected);
});

test("nanoseconds of a time, in whatever zone it was written", () => {
  expect(nanoseconds("2026-03-01T11:40:00.000000001+01:00")).toBe(1772361600000000001n);
  expect(nanoseconds(new Date(1772361600250))).toBe(1772361600250000000n);
  expect(nanoseconds("cut off")).toBeUndefined();
});

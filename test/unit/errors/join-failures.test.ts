import { expect, test } from "@jest/globals";
import { joinFailures } from "../../../src/errors/join-failures.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

const full = new TsdError({ kind: "exhausted", code: "TSD_FULL", message: "the disk is full", hint: "Make room." });
const busy = new TsdError({ kind: "conflict", code: "TSD_BUSY", message: "it is busy", details: { pid: 7 } });

test("one failure, or one that comes again, is itself", () => {
  expect(joinFailures([full])).toBe(full);
  expect(joinFailures([full, full])).toBe(full);
  expect(joinFailures(["text"])).toBe("text");
});

test("several are one error of the first one's kind, which holds each", () => {
  expect(joinFailures([full, busy])).toMatchObject({
    kind: "exhausted",
    code: "TSD_SEVERAL_FAILED",
    message: "the disk is full; it is busy",
    hint: "Make room.",
    details: { failures: [{ code: "TSD_FULL" }, { code: "TSD_BUSY", details: { pid: 7 } }] },
    cause: full,
  });
});

test("an error that is none of tsd's keeps its own place", () => {
  const own = new RangeError("out of range");
  const joined = joinFailures([full, own]) as AggregateError;
  expect([joined.message, joined.errors]).toEqual(["the disk is full; out of range", [full, own]]);
});

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../../../src/api/index.js";
import { boundaryOperation } from "../../../src/kernel/boundary-operation.js";

const heard: BoundaryOperation[] = [];
const listen = (message: unknown): void => {
  heard.push(message as BoundaryOperation);
};

beforeEach(() => {
  heard.length = 0;
  subscribe(BOUNDARY_OPERATIONS, listen);
});
afterEach(() => {
  unsubscribe(BOUNDARY_OPERATIONS, listen);
});

const step = { into: "file", what: () => "write /x" } as const;

test("a step is told before and after it, with the time that it took", () => {
  const seen = boundaryOperation(step, () => heard.map(({ phase }) => phase));
  expect(seen).toEqual(["before"]);
  expect(heard).toEqual([
    { phase: "before", into: "file", what: "write /x" },
    { phase: "after", into: "file", what: "write /x", took: expect.any(Number) },
  ]);
});

test("a promise is a step until it is settled", async () => {
  const done = boundaryOperation({ ...step, reads: true }, async () => "x");
  expect(heard).toHaveLength(1);
  expect(await done).toBe("x");
  expect(heard).toMatchObject([{ phase: "before" }, { phase: "after", reads: true }]);
});

test("failures are told and thrown", async () => {
  const error = new Error("no room");
  const fail = (): never => {
    throw error;
  };
  expect(() => boundaryOperation(step, fail)).toThrow(error);
  await expect(boundaryOperation(step, async () => fail())).rejects.toBe(error);
  expect(heard.filter(({ phase }) => phase === "after")).toMatchObject([{ error }, { error }]);
});

test("a failure that is returned is told as one that is thrown", async () => {
  const refusal = (result: number) => (result < 0 ? "refused" : undefined);
  expect([boundaryOperation(step, () => -1, refusal), await boundaryOperation(step, async () => -1, refusal)]).toEqual([
    -1, -1,
  ]);
  expect(boundaryOperation(step, () => 1, refusal)).toBe(1);
  const after = heard.filter(({ phase }) => phase === "after");
  expect(after.map(({ error }) => error)).toEqual(["refused", "refused", undefined]);
});

test("without listeners nothing is put into words", () => {
  unsubscribe(BOUNDARY_OPERATIONS, listen);
  const what = jest.fn(() => "write /x");
  expect(boundaryOperation({ into: "file", what }, () => 1)).toBe(1);
  expect(what).not.toHaveBeenCalled();
});

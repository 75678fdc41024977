import { describe, expect, test } from "@jest/globals";
import type { Health, HealthCheck, HealthResult } from "../../../src/api/index.js";
import { healthCheckOf } from "../../../src/engine/plan/health-check.js";
import { afterResult, commandOf, pauseBefore, unchecked } from "../../../src/timers/health-state.js";

const check: HealthCheck = { test: ["CMD-SHELL", "true"], retries: 2, startPeriod: 1000 };

function result(exitCode: number, at: number): HealthResult {
  const time = new Date(at).toISOString();
  return { start: time, end: time, exitCode, output: "" };
}

function checked(results: readonly (readonly [code: number, at: number])[]): Health {
  return results.reduce<Health>((health, [code, at]) => afterResult(health, check, result(code, at), 0), unchecked);
}

describe("health", () => {
  test.each<[string, readonly (readonly [number, number])[], Health["status"], number]>([
    ["nothing checked", [], "starting", 0],
    ["a success", [[0, 1]], "healthy", 0],
    [
      "failures in the start period",
      [
        [1, 1],
        [1, 2],
        [1, 999],
      ],
      "starting",
      0,
    ],
    [
      "a failure after it",
      [
        [1, 1],
        [1, 1000],
      ],
      "starting",
      1,
    ],
    [
      "as many as it takes",
      [
        [1, 1000],
        [-1, 2000],
      ],
      "unhealthy",
      2,
    ],
    [
      "a success in between",
      [
        [1, 1000],
        [0, 1500],
        [1, 2000],
      ],
      "healthy",
      1,
    ],
    [
      "failures of one that was healthy in its start period",
      [
        [0, 1],
        [1, 2],
        [1, 3],
      ],
      "unhealthy",
      2,
    ],
    [
      "a success at last",
      [
        [1, 1000],
        [1, 2000],
        [0, 3000],
      ],
      "healthy",
      0,
    ],
  ])("after %s", (_what, results, status, failingStreak) => {
    expect(checked(results)).toMatchObject({ status, failingStreak });
  });

  test("keeps five results, oldest first", () => {
    expect(checked([0, 1, 2, 3, 4, 5, 6].map((at) => [0, at])).log.map(({ start }) => Date.parse(start))).toEqual([
      2, 3, 4, 5, 6,
    ]);
  });

  test.each<[string, Partial<HealthCheck>, Health["status"], { age: number; took: number; pause: number }]>([
    ["by default", {}, "starting", { age: 0, took: 5, pause: 30_000 }],
    ["in the start period", { startPeriod: 100 }, "starting", { age: 99, took: 5, pause: 5000 }],
    ["once healthy", { startPeriod: 100, interval: 70 }, "healthy", { age: 99, took: 5, pause: 70 }],
    [
      "after the start period",
      { startPeriod: 100, startInterval: 20, interval: 70 },
      "unhealthy",
      { age: 100, took: 5, pause: 70 },
    ],
    ["no more often than a check takes", { interval: 1 }, "healthy", { age: 0, took: 80, pause: 80 }],
    ["a millisecond at least", { interval: 0.000001 }, "healthy", { age: 0, took: 0, pause: 1 }],
  ])("the next check comes %s", (_when, times, status, { pause, ...run }) => {
    expect(pauseBefore({ ...unchecked, status }, { test: ["CMD", "x"], ...times }, run)).toBe(pause);
  });

  test.each<[Partial<HealthCheck> | undefined, HealthCheck | undefined, HealthCheck | undefined]>([
    [undefined, undefined, undefined],
    [undefined, check, check],
    [{ test: ["NONE"] }, check, undefined],
    [undefined, { test: ["NONE"] }, undefined],
    [{ interval: 5 }, undefined, undefined],
    [{ interval: 5, retries: 0 }, check, { ...check, interval: 5 }],
    [{ test: ["CMD-SHELL", "mine"] }, check, { ...check, test: ["CMD-SHELL", "mine"] }],
  ])("what %j of a user and %j of an image ask for", (asked, image, expected) => {
    expect(healthCheckOf(asked, image)).toEqual(expected);
  });

  test("a check runs a shell, or words as they are", () => {
    expect(commandOf({ test: ["CMD-SHELL", "a b"] })).toEqual(["/bin/sh", "-c", "a b"]);
    expect(commandOf({ test: ["CMD", "a", "b"] })).toEqual(["a", "b"]);
  });
});

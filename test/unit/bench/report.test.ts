import { describe, expect, test } from "@jest/globals";
import type { Benchmark, Entrant, Result } from "../../../bench/benchmark.ts";
import type { Lab } from "../../../bench/lab.ts";
import { measure } from "../../../bench/measure.ts";
import { plotResults } from "../../../bench/report/plot.ts";
import { formatNumber, formatResult } from "../../../bench/report/table.ts";
import { summarise } from "../../../bench/statistics.ts";

const lab: Lab = { mode: "quick", project: "", work: "", rootfs: "", archive: "", env: {} };

/** A benchmark whose contenders answer the given values, one per turn, and note the order of turns. */
function benchmarkOf(entrants: readonly Entrant[], turns = 3): Benchmark {
  const effort = { turns, seconds: 10 };
  return {
    ...{ id: "x", title: "Title", about: "", unit: "ms", measures: ["m"], floor: "floor" },
    effort: { quick: effort, full: effort },
    enter: async () => entrants,
  };
}

describe("summarise", () => {
  test.each([
    [[5], { count: 1, median: 5, min: 5, max: 5, mad: 0 }],
    [[1, 9, 2], { count: 3, median: 2, min: 1, max: 9, mad: 1 }],
    [[4, 1, 3, 2], { count: 4, median: 2.5, min: 1, max: 4, mad: 1 }],
  ])("%j", (values, summary) => {
    expect(summarise(values)).toEqual(summary);
  });
});

describe("measure", () => {
  test("lets contenders take turns, drops the warm-up, and relates medians to the floor", async () => {
    const order: string[] = [];
    const values = { floor: [99, 1, 2, 3], tsd: [99, 4, 4, 8] };
    const contender = (name: "floor" | "tsd"): Entrant => ({
      name,
      sample: () => {
        order.push(name);
        return { m: values[name].shift() ?? 0 };
      },
    });
    const [result] = await measure(benchmarkOf([contender("floor"), contender("tsd")]), lab);
    expect(order.slice(0, 4)).toEqual(["floor", "tsd", "floor", "tsd"]);
    expect(result?.rows).toEqual([
      { name: "floor", summary: { count: 3, median: 2, min: 1, max: 3, mad: 1 }, ratio: 1 },
      { name: "tsd", summary: { count: 3, median: 4, min: 4, max: 8, mad: 0 }, ratio: 2 },
    ]);
  });

  test("a contender that fails or is absent is told with its reason, and all that came up are closed", async () => {
    const closed: string[] = [];
    const failing: Entrant = {
      name: "broken",
      sample: () => {
        throw new Error("no such network\nmore words");
      },
      close: () => void closed.push("broken"),
    };
    const [result] = await measure(benchmarkOf([failing, { name: "away", reason: "not installed" }]), lab);
    expect(result?.rows).toEqual([
      { name: "broken", reason: "no such network" },
      { name: "away", reason: "not installed" },
    ]);
    expect(closed).toEqual(["broken"]);
  });
});

describe("a report", () => {
  const result: Result = {
    ...{ id: "x", title: "T", about: "", measure: "m", unit: "ms", floor: "floor" },
    rows: [
      { name: "floor", summary: { count: 3, median: 2, min: 1, max: 3, mad: 1 }, ratio: 1 },
      { name: "tsd", summary: { count: 3, median: 1234.5, min: 1, max: 5000, mad: 0.0123 }, ratio: 617.25 },
      { name: "a & <b>", reason: "x | y" },
    ],
  };

  test("is a table", () => {
    expect(formatResult(result).split("\n").slice(4)).toEqual([
      "| *floor* (floor) | **2** | 1 – 3 | 1 | 3 | 1 |",
      "| tsd | **1,235** | 1 – 5,000 | 0.0123 | 3 | 617 |",
      "| a & <b> | – (x \\| y) |  |  |  |  |",
    ]);
  });

  test("is a picture whose bars stay inside and whose words are escaped", () => {
    const svg = plotResults([result, result]);
    expect(svg.match(/<rect/g)).toHaveLength(4);
    expect(svg).toContain("a &amp; &lt;b>");
    const ends = [...svg.matchAll(/x2?="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.max(...ends)).toBeLessThan(760);
  });

  test.each([
    [0, "0"],
    [0.70512, "0.705"],
    [12.345, "12.3"],
    [99.96, "100"],
    [1234.5, "1,235"],
  ])("writes %d as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

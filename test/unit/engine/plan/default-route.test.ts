import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chooseMetric, type Ranked } from "../../../../src/engine/plan/default-route.js";

const ranks = fc.record({
  priority: fc.integer({ min: -3, max: 3 }),
  network: fc.string({ minLength: 1, maxLength: 3 }),
});

describe("the metric of a default route", () => {
  test("of the first network leaves room on both sides", () => {
    expect(chooseMetric({ priority: 0, network: "n" }, [])).toBe(1024);
  });

  test("orders networks by priority, then by name, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.uniqueArray(ranks, { selector: ({ network }) => network, maxLength: 9 }), (wanted) => {
        const present: Ranked[] = [];
        for (const rank of wanted) present.push({ ...rank, metric: chooseMetric(rank, present) });
        const byMetric = present.toSorted((a, b) => a.metric - b.metric).map(({ network }) => network);
        const byRank = wanted
          .toSorted((a, b) => b.priority - a.priority || (a.network < b.network ? -1 : 1))
          .map(({ network }) => network);
        expect(byMetric).toEqual(byRank);
        expect(new Set(present.map(({ metric }) => metric)).size).toBe(present.length);
      }),
    );
  });

  test("is refused where no number is left, instead of shared", () => {
    const present = [
      { priority: 1, network: "a", metric: 7 },
      { priority: 0, network: "c", metric: 8 },
    ];
    expect(() => chooseMetric({ priority: 0, network: "b" }, present)).toThrow(
      /no room for a default route by network "b"/,
    );
  });
});

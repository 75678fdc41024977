import { expect, test } from "@jest/globals";
import { everyPoint, type StepEvent, samplePoints } from "../../support/faults/kill-points.js";

/** Events of steps that do not overlap. */
function eventsOf(...steps: readonly string[]): readonly StepEvent[] {
  return steps.flatMap((what) => [
    { phase: "before", into: "file", what },
    { phase: "after", into: "file", what },
  ]);
}

test("a command is killed before each step that is new, and before its last", () => {
  const points = samplePoints(1000);
  expect(points(eventsOf("make 1", "make 2", "make 3", "remove"))).toEqual([0, 2, 4, 6]);
  expect(points(eventsOf("make 7", "make 8", "make 9", "make 10", "remove"))).toEqual([8]);
  expect(points(eventsOf("make 7", "remove", "make 8"))).toEqual([4]);
  expect(points(eventsOf("make 5"))).toEqual([0]);
});

test("of steps that are like others one in so many is taken, in turn with those of the commands before", () => {
  const points = samplePoints(3);
  const events = eventsOf("make 1", "make 2", "make 3", "make 4", "make 5");
  expect(points(events)).toEqual([0, 2, 4, 8]);
  expect(points(events)).toEqual([2, 8]);
});

test("a long run kills on both sides of every step", () => {
  expect(everyPoint(eventsOf("make", "remove"))).toEqual([0, 1, 2, 3]);
});

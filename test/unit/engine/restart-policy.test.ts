import { describe, expect, test } from "@jest/globals";
import type { RestartPolicy } from "../../../src/api/index.js";
import { nextRestart, startsAtBoot } from "../../../src/engine/rows/restart-policy.js";

const finishedAt = "2026-01-01T00:00:00.000Z";

interface Ending {
  readonly exitCode: number;
  readonly stoppedByUser?: boolean;
  readonly restartCount?: number;
  readonly restartDelay?: number;
}

const restarts = (restart: RestartPolicy, ending: Ending, ranFor = 0) =>
  nextRestart({ spec: { restart }, finishedAt, ...ending }, ranFor);

describe("a restart policy", () => {
  const own = { exitCode: 0 };
  const failed = { exitCode: 1 };
  const killedByUser = { exitCode: 137, stoppedByUser: true };
  test.each<[RestartPolicy, Ending, restarts: boolean, boot: boolean]>([
    [{ name: "no" }, own, false, false],
    [{ name: "no" }, failed, false, false],
    [{ name: "always" }, own, true, true],
    [{ name: "always" }, failed, true, true],
    [{ name: "always" }, killedByUser, false, true],
    [{ name: "unless-stopped" }, own, true, true],
    [{ name: "unless-stopped" }, failed, true, true],
    [{ name: "unless-stopped" }, killedByUser, false, false],
    [{ name: "on-failure" }, own, false, false],
    [{ name: "on-failure" }, failed, true, true],
    [{ name: "on-failure" }, killedByUser, false, false],
    [{ name: "on-failure", retries: 0 }, { exitCode: 1, restartCount: 1000 }, true, true],
    [{ name: "on-failure", retries: 2 }, { exitCode: 1, restartCount: 1 }, true, true],
    [{ name: "on-failure", retries: 2 }, { exitCode: 1, restartCount: 2 }, false, true],
  ])("%j after %j: starts again %s, at a boot %s", (restart, ending, again, boot) => {
    expect(restarts(restart, ending) !== undefined).toBe(again);
    expect(startsAtBoot({ spec: { restart }, ...ending })).toBe(boot);
  });

  test("starts at no boot what never ran", () => {
    expect(startsAtBoot({ spec: { restart: { name: "always" } } })).toBe(false);
  });

  test("doubles its wait to a minute, and begins again after ten seconds of a run", () => {
    const delays: number[] = [];
    let restartDelay = 0;
    for (let count = 0; count < 12; count++) {
      const next = restarts({ name: "always" }, { exitCode: 1, restartCount: count, restartDelay }, 9999);
      expect(Date.parse(next?.restartAt ?? "") - Date.parse(finishedAt)).toBe(next?.restartDelay);
      expect(next?.restartCount).toBe(count + 1);
      restartDelay = next?.restartDelay ?? 0;
      delays.push(restartDelay);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
    expect(restarts({ name: "always" }, { exitCode: 1, restartDelay }, 10_000)?.restartDelay).toBe(100);
  });
});

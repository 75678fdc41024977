import { expect, test } from "@jest/globals";
import type { Container } from "../../../src/api/index.js";
import type { CheckedContainers } from "../../../src/timers/checker.js";
import { Timers } from "../../../src/timers/timers.js";
import { eventually } from "../../support/eventually.js";

const hanging = ["a", "b", "c", "d"].map((name) => `health ${name}`);

/** Of which four have a check that ends only where it is killed. */
class Containers implements CheckedContainers {
  readonly checked = new Map<string, number>();

  get(id: string): Container {
    const healthCheck = { test: ["CMD", "true"], interval: 1, timeout: 3_600_000 };
    return { id, healthCheck, status: "running", startedAt: new Date(0).toISOString() } as unknown as Container;
  }

  note(): void {}

  async exec(...[id, , { onStart }]: Parameters<CheckedContainers["exec"]>): Promise<number> {
    this.checked.set(id, (this.checked.get(id) ?? 0) + 1);
    if (!hanging.includes(`health ${id}`)) return 0;
    return new Promise((resolve) => onStart?.(() => resolve(137)));
  }
}

test("containers whose checks never end keep no other from being checked, nor from its end", async () => {
  const containers = new Containers();
  const timers = new Timers(containers, () => ({ rotate: () => undefined, written: async () => undefined }));
  await timers.begin(hanging);
  await eventually(async () => expect(containers.checked.size).toBe(hanging.length));
  await timers.begin(["health waiting"]);
  // It waits for its turn, and does not have to get it.
  await timers.end(["health waiting"]);
  await timers.begin(["health other"]);
  await eventually(async () => expect(containers.checked.get("other")).toBeGreaterThan(1));
  await timers.end([...hanging, "health other"]);
  expect(timers.size).toBe(0);
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { nextChange } from "../../../../src/engine/rows/next-change.js";

class Counted {
  looks = 0;
  now = 1;

  revision(): number {
    this.looks += 1;
    return this.now;
  }
}

test("a hundred that wait look as seldom as one, and all return once something is written", async () => {
  const store = new Counted();
  const waiting = Promise.all(Array.from({ length: 100 }, () => nextChange(store, { since: 1 })));
  const begun = store.looks;
  let ticks = 0;
  const counter = setInterval(() => {
    ticks += 1;
  }, 10);
  await sleep(150);
  clearInterval(counter);
  // Timers of the same interval fire as often as each other, however slow the machine is.
  expect(store.looks - begun).toBeLessThanOrEqual(ticks + 2);
  store.now = 2;
  await waiting;
});

test("what was written since the caller looked is not waited for", async () => {
  const store = new Counted();
  store.now = 2;
  await nextChange(store, { since: 1 });
});

test("it returns after a time as well, or throws once its signal is aborted", async () => {
  const store = new Counted();
  await nextChange(store, { since: 1, patience: 20 });
  const left = new AbortController();
  const waiting = nextChange(store, { since: 1, signal: left.signal });
  left.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
});

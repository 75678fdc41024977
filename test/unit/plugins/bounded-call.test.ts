import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { boundedCall, boundedWait } from "../../../src/plugins/bounded-call.js";

const bounds = { what: 'plug-in "acme"', milliseconds: 100 };
const late = {
  kind: "plugin",
  code: "TSD_PLUGIN_TIMEOUT",
  message: expect.stringMatching(/^plug-in "acme" did not .* within 0.1 s/),
};

function forever(): never {
  for (;;) {
    // Until it is ended from outside.
  }
}

describe("a call with a bound", () => {
  test("returns what the work returns, and throws what it throws, the very values", () => {
    const value = { a: 1 };
    expect(boundedCall(() => value, bounds)).toBe(value);
    for (const thrown of [new Error("no"), "no", undefined, value]) {
      let caught: unknown = "nothing";
      try {
        boundedCall(() => {
          throw thrown;
        }, bounds);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    }
  });

  test.each<[string, () => unknown]>([
    ["a loop", forever],
    [
      "a loop that catches everything",
      () => {
        for (;;) {
          try {
            forever();
          } catch {
            // Goes on.
          }
        }
      },
    ],
    ["a regular expression", () => /^(a+)+$/.test(`${"a".repeat(40)}b`)],
    ["waiting for a lock", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)],
  ])("ends %s", (_, work) => {
    expect(() => boundedCall(work, bounds)).toThrow(expect.objectContaining(late));
  });

  test("calls in a call end by themselves, and the outer one goes on", () => {
    const inner = (): unknown => boundedCall(forever, bounds);
    expect(() => boundedCall(inner, { what: "outer", milliseconds: 60_000 })).toThrow(expect.objectContaining(late));
    expect(boundedCall(() => boundedCall(() => 1, bounds), bounds)).toBe(1);
  });
});

describe("a wait with a bound", () => {
  test("resolves and rejects as the promise does", async () => {
    await expect(boundedWait(Promise.resolve(1), bounds)).resolves.toBe(1);
    await expect(boundedWait(Promise.reject(new Error("no")), bounds)).rejects.toThrow("no");
  });

  test("ends for a promise that nothing settles", async () => {
    await expect(boundedWait(new Promise(() => undefined), bounds)).rejects.toMatchObject(late);
  });

  test("ends for a loop that begins after a pause, and the thread goes on", async () => {
    const loops = async (): Promise<void> => {
      await sleep(10);
      forever();
    };
    await expect(boundedWait(loops(), bounds)).rejects.toMatchObject(late);
    await expect(boundedWait(sleep(1, "well"), { ...bounds, milliseconds: 60_000 })).resolves.toBe("well");
  });
});

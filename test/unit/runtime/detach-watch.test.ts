import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseDetachKeys } from "../../../src/engine/requests/detach-keys.js";
import { DetachWatch } from "../../../src/runtime/detach-watch.js";

/** All that is passed on of pieces of input, and whether it was left. */
function typed(keys: string, ...pieces: readonly string[]): string {
  const watch = new DetachWatch(parseDetachKeys(keys));
  let passed = "";
  for (const piece of pieces) {
    const seen = watch.push(Buffer.from(piece));
    passed += seen.passed.toString();
    if (seen.isComplete) return `${passed}<left>`;
  }
  return passed;
}

describe("the keys that leave a container", () => {
  test.each<[string, string, readonly string[], string]>([
    ["the default", "", ["ls\x10\x11rest"], "ls<left>"],
    ["in two pieces", "", ["ls\x10", "\x11"], "ls<left>"],
    ["a first key alone is held back", "", ["ls\x10"], "ls"],
    ["and passed on with what follows", "", ["ls\x10", "x"], "ls\x10x"],
    ["a first key twice", "", ["\x10\x10\x11"], "\x10<left>"],
    ["the second key alone", "", ["\x11\x11"], "\x11\x11"],
    ["one that begins again within itself", "a,a,b", ["aaab"], "a<left>"],
    ["a longer one of that kind", "a,b,a,c", ["ababac"], "ab<left>"],
    ["a single key", "ctrl-\\", ["x\x1cy"], "x<left>"],
    ["DEL and letters", "DEL,q", ["\x7fq"], "<left>"],
    ["bytes that are no text", "ctrl-@,z", ["\x00z"], "<left>"],
  ])("%s", (_name, keys, pieces, expected) => {
    expect(typed(keys, ...pieces)).toBe(expected);
  });

  test("mean the same however they are cut into pieces", () => {
    const key = fc.constantFrom("a", "b");
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 4 }),
        fc.array(fc.array(key, { maxLength: 5 }), { maxLength: 6 }),
        (keys, pieces) => {
          const text = pieces.flat().join("");
          const end = text.indexOf(keys.join(""));
          const whole = end < 0 ? text : `${text.slice(0, end)}<left>`;
          const seen = typed(keys.join(","), ...pieces.map((piece) => piece.join("")));
          // What could begin them is still held back.
          expect(end < 0 ? whole.startsWith(seen) : seen === whole).toBe(true);
        },
      ),
    );
  });

  test.each(["ctrl-1", "ctrl-", "ab", "ctrl-p,,ctrl-q", "é", "ctrl-p ctrl-q"])("%j is refused", (keys) => {
    expect(() => parseDetachKeys(keys)).toThrow(`"${keys}" are no detach keys`);
  });
});

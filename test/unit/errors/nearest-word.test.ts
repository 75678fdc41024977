import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { nearestWord } from "../../../src/errors/nearest-word.js";

test.each([
  ["inspct", ["inspect", "inspector"], "inspect"],
  ["network rmove", ["network rm", "network remove"], "network remove"],
  ["xyz", ["ps", "run"], undefined],
  ["lgos", ["logs"], "logs"],
  ["foo", ["rm", "ps", "port"], undefined],
  ["", [], undefined],
])("%s of %j is %s", (typed, known, nearest) => expect(nearestWord(typed, known)).toBe(nearest));

test("a known word is its own nearest", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (known, at) => {
      const word = known[at % known.length] ?? "";
      expect(nearestWord(word, known)).toBe(word);
    }),
  );
});

test("one letter more, less or other, or two others, is forgiven", () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("", "x", "xy"), (known, at, other) => {
      const place = at % known.length;
      expect(nearestWord(known.slice(0, place) + other + known.slice(place + 1), [known])).toBe(known);
    }),
  );
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { linearPattern } from "../../../src/filters/pattern/linear-pattern.js";

test.each([
  ["^web$", "web", true],
  ["^/web$", "web", false],
  ["w.b", "a web", true],
  ["(a|b)+c{2,3}$", "xabacc", true],
  ["^(a|b)+c{2,3}$", "abacccc", false],
  ["[a-c]?[^x]\\d+", "bz12", true],
  ["^\\.\\/x$", "./x", true],
  ["\\bweb\\b", "my-web-1", true],
  ["\\bweb\\b", "webs", false],
  ["", "anything", true],
  ["a{", "a{", true],
  ["(?:)*(a*)*$", "aaa", true],
])("%s in %s: %s", (source, text, expected) => {
  expect(linearPattern(source)(text)).toBe(expected);
});

test.each([
  "(",
  ")",
  "*",
  "a**",
  "(?=a)",
  "(a)\\1",
  "[b-a]",
  "a{2,1}",
  "a{1001}",
  "\\",
  "(?<n>a)",
  "((a{1000}){1000})",
  "([0-9a-f]?){1000}z",
  `${"(".repeat(200)}${")".repeat(200)}`,
])("%s is refused", (source) => {
  expect(() => linearPattern(source)).toThrow();
});

test("an expression that others try again and again takes as many steps as its text has characters", () => {
  const text = `${"a".repeat(255)}!`;
  for (const source of ["^(a+)+$", "^(a|a)*$", "(.*)*x", "^(a?){150}a{150}$", `${".*a".repeat(50)}b`])
    expect(linearPattern(source)(text)).toBe(false);
});

test("repeats of nothing take no time", () => {
  const nothing = `${"(".repeat(90)}${"){1000}".repeat(90)}`;
  expect(linearPattern(`a${nothing}b`)("ab")).toBe(true);
});

test("it finds what Node.js finds", () => {
  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "^", "$", "\\w", "\\b");
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: "small" },
      atom,
      fc.tuple(tie("pattern"), tie("pattern")).map(([one, other]) => one + other),
      fc.tuple(tie("pattern"), tie("pattern")).map(([one, other]) => `(${one}|${other})`),
      fc
        .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{0,2}", "{2}", "*?"))
        .map(([one, sign]) => `(?:${one})${sign}`),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "-"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, fc.boolean(), (source, given, ignoreCase) => {
      const theirs = new RegExp(source, ignoreCase ? "ius" : "us").test(given);
      expect(linearPattern(source, { ignoreCase })(given)).toBe(theirs);
    }),
    { numRuns: 500 },
  );
});

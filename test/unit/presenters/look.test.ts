import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { inColours, wantsColour } from "../../../src/errors/colours.js";
import { printableText } from "../../../src/errors/printable.js";
import { columnsOf, cutColumns, cutStyled, foldLines, padColumns } from "../../../src/presenters/columns.js";
import { explanationText } from "../../../src/presenters/explanation.js";
import { lookOf, plain } from "../../../src/presenters/look.js";

test.each<[Record<string, string>, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ NO_COLOR: "1", CLICOLOR_FORCE: "1" }, true, false],
  [{ CLICOLOR_FORCE: "1" }, false, true],
  [{ CLICOLOR_FORCE: "0" }, false, false],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ CLICOLOR: "0" }, true, false],
  [{ TERM: "dumb" }, true, false],
  [{ TERM: "dumb", FORCE_COLOR: "3" }, true, true],
])("with %j, and on a terminal: %s, there are colours: %s", (env, isTerminal, colours) => {
  expect(wantsColour(env, isTerminal)).toBe(colours);
});

test("what tsd paints passes the last net, and nothing else that begins so does", () => {
  const painted = inColours("web", "red");
  expect(printableText(painted)).toBe(painted);
  expect(printableText("\u001b[31;1mweb\u001b[2J")).toBe("\\x1b[31;1mweb\\x1b[2J");
});

describe("columns of a terminal", () => {
  test.each([
    ["web", 3],
    ["漢字", 4],
    ["שלום", 4],
    ["e\u0301", 1],
    [inColours("web", "bold"), 3],
    ["", 0],
  ])("%j takes %i", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
    expect(columnsOf(padColumns(text, 10))).toBe(10);
  });

  test("a text that is cut fits, styles or none, and so does one that is folded between its words", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "漢", "é", "-"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 20, max: 60 }), (words, width) => {
        const text = words.join(" ");
        expect(columnsOf(cutColumns(text, width))).toBeLessThanOrEqual(width);
        expect(columnsOf(cutStyled(words.map((one) => inColours(one, "dim")).join(" "), width))).toBeLessThanOrEqual(
          width,
        );
        const folded = foldLines(text, width);
        for (const line of folded.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        expect(folded.split(/\s+/)).toEqual(words);
      }),
    );
  });

  test("lines for programs are not folded", () => {
    expect(foldLines("a ".repeat(200), undefined)).toBe("a ".repeat(200));
  });
});

describe("a verdict", () => {
  const verdict = { reaches: false, why: "nobody is there" };
  const hop = { place: "container db", netns: "/run/tsd/netns/1", what: "gets it", by: "element x" };
  const explanation = { hops: [hop], verdict, cautions: [] };

  test("has a mark and colours for people, and the words for programs", () => {
    expect(explanationText(explanation)).toBe(
      "1. container db: gets it\n   by element x\nverdict: does not arrive, since nobody is there\n",
    );
    const shown = explanationText(explanation, lookOf({ colour: false, width: 80 }));
    expect(shown).toContain("verdict: ✘ does not arrive, since nobody is there\n");
    const coloured = explanationText(explanation, lookOf({ colour: true, width: 80 }));
    expect(coloured).toContain("\u001b[31m✘\u001b[39m \u001b[31mdoes not arrive\u001b[39m");
    expect(coloured).toContain("\u001b[2mby element x\u001b[22m");
  });

  test("paths of namespaces are for those who ask", () => {
    expect(explanationText(explanation)).not.toContain("/run/tsd");
    expect(explanationText(explanation, { ...plain, verbose: true })).toContain("   in namespace /run/tsd/netns/1\n");
  });
});

import { describe, expect, test } from "@jest/globals";
import { obscureWords } from "../../support/house/plain-words.js";
import { projectFiles } from "../../support/house/project-files.js";

const isRead = /^src\/.*\.ts$|^docs\/.*\.md$|^[A-Z]+\.md$|^test\/.*\.test\.ts$/;

describe("words are plain", () => {
  test("in code, documents and names of tests", () => {
    const files = projectFiles().filter(({ path }) => isRead.test(path) && !path.endsWith("plain-words.test.ts"));
    expect(files.length).toBeGreaterThan(600);
    expect(obscureWords(files)).toEqual([]);
  });

  test.each([
    [
      "src/a.ts",
      "// one\n/** Answers the row. */",
      ["src/a.ts:2: Answers, write returns (a function), replies (a packet)"],
    ],
    ["src/a.ts", "const wishes = 1;", ["src/a.ts:1: wishes, write request, option"]],
    ["README.md", "It heeds whoever asks.", ["README.md:1: heeds, write accepts, obeys, uses"]],
    [
      "test/a.test.ts",
      'const wish = 1;\n  test("tells all", async () => {});',
      ["test/a.test.ts:2: tells, write reports, prints, distinguishes"],
    ],
    [
      "test/a.test.ts",
      'test.each(all)("%s is nobody\'s", (x) => x);',
      ["test/a.test.ts:1: nobody's, write orphan, or a sentence"],
    ],
    ["src/commands/reload.ts", 'problem !== "stray"', []],
    ["src/other.ts", 'problem !== "stray"', ["src/other.ts:1: stray, write orphan"]],
    ["src/a.ts", 'code: "TSD_NETWORK_WISH", heedsRouters: true, answered, astray', []],
    ["CONTRIBUTING.md", '| "lest it be emptied" | "otherwise it could be emptied" |', []],
  ])("one in %s is seen: %s", (path, text, seen) => expect(obscureWords([{ path, text }])).toEqual(seen));
});

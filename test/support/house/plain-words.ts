import type { ProjectFile } from "./project-files.js";

/** Words that a reader who learnt English at school does not know in our sense, and what we write instead. */
const replacements: Readonly<Record<string, string>> = {
  whoever: "the process, command or program that is meant",
  "nobody's": "orphan, or a sentence",
  lest: "otherwise",
  anew: "again",
  heed: "accepts, obeys, uses",
  amiss: "wrong",
  tells: "reports, prints, distinguishes",
  answers: "returns (a function), replies (a packet)",
  wish: "request, option",
  stray: "orphan",
  leftover: "orphan",
  deviation: "drift",
  upkeep: "drift repair",
  alteration: "update",
};

/** Keys and values of our JSON, which users have already. */
const allowed: readonly (readonly [text: RegExp, path: RegExp])[] = [
  [/"stray"/g, /^src\/(api\/host-drift|presenters\/drift-lines|engine\/drift\/drift-repair|commands\/reload)\.ts$/],
  [/\bamiss\b/g, /^src\/(api\/explain|presenters\/explanation|engine\/explain\/comparison)\.ts$/],
];

const forbidden = new RegExp(`\\b(${Object.keys(replacements).join("|")})(s|es)?\\b`, "i");

/** Returns `path:line: word, write …` for each line of prose, code or test name that has such a word. */
export function obscureWords(files: readonly ProjectFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    linesToRead(path, text).flatMap((line, index) => {
      const [word] = forbidden.exec(line) ?? [];
      if (word === undefined) return [];
      const base = Object.keys(replacements).find((known) => word.toLowerCase().startsWith(known)) ?? word;
      return [`${path}:${index + 1}: ${word}, write ${replacements[base]}`];
    }),
  );
}

function linesToRead(path: string, text: string): readonly string[] {
  if (/\.test\.ts$/.test(path)) return testNames(text);
  const plain = allowed.reduce((rest, [what, where]) => (where.test(path) ? rest.replace(what, "") : rest), text);
  return plain.split("\n").map((line) => (isExample(path, line) ? "" : line));
}

/** CONTRIBUTING.md lists the words, each row with what to write instead, and quotes sentences that had them. */
function isExample(path: string, line: string): boolean {
  return path === "CONTRIBUTING.md" && /^\| ("|whoever|lest|anew|tells|heeds|wish)/.test(line);
}

/** A line for each line of the file: the names on it, which are texts in front of a function. */
function testNames(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) =>
      [...line.matchAll(/(?:^|\()\s*(["'`])((?:(?!\1).)+)\1, (?:async )?(?:\(|\w+ =>|function)/g)]
        .map(([, , name]) => name)
        .join("\n"),
    );
}

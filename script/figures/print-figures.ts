/** Prints what script/soak has counted. Arguments: the directory of the figures, and `--write` to renew docs/RELIABILITY.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  fuzzTable,
  type InterleavedFigures,
  type KillFigures,
  killTable,
  type ManyFigures,
  soakTable,
} from "./soak-table.ts";

const [directory = "", write] = process.argv.slice(2);
const document = join(import.meta.dirname, "../../docs/RELIABILITY.md");
const read = (name: string): string => readFileSync(join(directory, name), "utf8");

/** By the marks in the document, between which each stands. */
const tables: Readonly<Record<string, () => string>> = {
  soak: () =>
    soakTable(JSON.parse(read("many.json")) as ManyFigures, JSON.parse(read("interleaved.json")) as InterleavedFigures),
  kills: () =>
    killTable(
      read("kills")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as KillFigures),
    ),
  fuzz: () => fuzzTable(read("fuzz")),
};

for (const [mark, make] of Object.entries(tables)) {
  try {
    const table = make();
    console.log(`\n${table}`);
    if (write !== "--write") continue;
    const text = readFileSync(document, "utf8");
    const between = new RegExp(`(?<=<!-- ${mark}:start -->\\n).*(?=<!-- ${mark}:end -->)`, "s");
    writeFileSync(document, text.replace(between, `\n${table}\n`));
  } catch (error) {
    console.error(`soak: a part did not write its figures: ${error}`);
    process.exitCode = 1;
  }
}

/** Prints what script/soak has counted. Arguments: the directory of the figures, and `--write` to renew docs/RELIABILITY.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type InterleavedFigures, type ManyFigures, soakTable } from "./soak-table.ts";

const [directory = "", write] = process.argv.slice(2);
const document = join(import.meta.dirname, "../../docs/RELIABILITY.md");
const read = <T>(name: string): T => JSON.parse(readFileSync(join(directory, name), "utf8"));

try {
  const tables = soakTable(read<ManyFigures>("many.json"), read<InterleavedFigures>("interleaved.json"));
  console.log(`\n${tables}`);
  if (write === "--write") {
    const text = readFileSync(document, "utf8");
    writeFileSync(document, text.replace(/(?<=<!-- soak:start -->\n).*(?=<!-- soak:end -->)/s, `\n${tables}\n`));
  }
} catch (error) {
  console.error(`soak: a part did not write its figures: ${error}`);
  process.exitCode = 1;
}

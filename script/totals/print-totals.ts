/** Prints the line that closes script/test. Arguments: how many guards failed, and the `--json` output of each run. */
import { readFileSync } from "node:fs";
import { addTotals, type JestResult, totalsLine } from "./add-totals.ts";

function read(file: string): JestResult | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.error(`test: ${file} was not written: ${error}`);
    return undefined;
  }
}

const [failedGuards, ...files] = process.argv.slice(2);
const totals = addTotals(files.map(read), Number(failedGuards));
console.log(totalsLine(totals));
process.exitCode = totals.failed === 0 ? 0 : 1;

import type { TableStatistics } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";

/**
 * Sums over the processors since the boot, of the caller's namespace for connections (`nf_conntrack`), and of the whole machine
 * for neighbours (`arp_cache`, `ndisc_cache`), which the first namespace alone is shown. Undefined where the kernel shows none.
 */
export function tableStatistics(table: string): TableStatistics | undefined {
  const text = readIfPresent(`/proc/net/stat/${table}`);
  return text === undefined ? undefined : parseStatistics(text);
}

/** Names, then a line of hexadecimal numbers for each processor. `entries` is the table's, and stands in each line. */
export function parseStatistics(text: string): TableStatistics {
  const [names = [], ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const rows = lines.map((line) => line.map((word) => Number.parseInt(word, 16)));
  const column = (at: number): readonly number[] => rows.map((row) => row[at] ?? 0);
  return Object.fromEntries(
    names.map((name, at) => [
      name,
      name === "entries" ? (column(at)[0] ?? 0) : column(at).reduce((sum, one) => sum + one, 0),
    ]),
  );
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../benchmark.ts";
import type { Machine } from "./machine.ts";
import { plotResults } from "./plot.ts";
import { formatResult } from "./table.ts";

export interface Report {
  readonly project: string;
  readonly results: readonly Result[];
  readonly machine: Machine;
}

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";
const EMPTY_PAGE = `# Performance\n\n${START}\n${END}\n`;

/** Writes the numbers, the pictures, and the part of docs/PERFORMANCE.md between the markers. */
export function writeReport(report: Report): void {
  const directory = join(report.project, "docs/performance");
  mkdirSync(directory, { recursive: true });
  const page = join(report.project, "docs/PERFORMANCE.md");
  const text = existsSync(page) ? readFileSync(page, "utf8") : EMPTY_PAGE;
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${page} has no ${START} before ${END}`);
  for (const results of groups(report.results)) writeFileSync(join(directory, plotName(results)), plotResults(results));
  writeFileSync(
    join(directory, "results.json"),
    `${JSON.stringify({ ...report, project: undefined }, undefined, 2)}\n`,
  );
  writeFileSync(page, `${text.slice(0, start)}${START}\n${formatReport(report)}\n${text.slice(end)}`);
}

function formatReport({ results, machine }: Report): string {
  const { cpu, cores, memory, kernel, node } = machine;
  const sections = groups(results).map((group) =>
    [
      `## ${group[0]?.title}`,
      group[0]?.about ?? "",
      `![${group[0]?.title}](performance/${plotName(group)})`,
      ...group.map(formatResult),
    ].join("\n\n"),
  );
  return [
    `Made by \`sudo script/bench\` on ${cores} cores (${cpu}), ${memory} GiB, Linux ${kernel}, Node.js ${node}, in private namespaces. Contenders take turns; ratios compare medians of the same run.`,
    ...sections,
  ].join("\n\n");
}

/** Results of one benchmark together, in their order. */
function groups(results: readonly Result[]): readonly (readonly Result[])[] {
  return [...new Set(results.map(({ id }) => id))].map((id) => results.filter((result) => result.id === id));
}

function plotName(results: readonly Result[]): string {
  return `${results[0]?.id}.svg`;
}

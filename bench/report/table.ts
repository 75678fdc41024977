import type { Result, Row } from "../benchmark.ts";

/** A result as a Markdown table, its floor first. */
export function formatResult(result: Result): string {
  const lines = result.rows.map((row) => `| ${formatRow(row, result.floor).join(" | ")} |`);
  return [
    `**${result.title}: ${result.measure}** (${result.unit})`,
    "",
    "| | median | min – max | MAD | n | × floor |",
    "|---|--:|--:|--:|--:|--:|",
    ...lines,
  ].join("\n");
}

function formatRow(row: Row, floor: string): readonly string[] {
  if ("reason" in row) return [row.name, `– (${row.reason.replaceAll("|", "\\|")})`, "", "", "", ""];
  const { median, min, max, mad, count } = row.summary;
  const ratio = row.ratio === undefined ? "" : formatNumber(row.ratio);
  return [
    row.name === floor ? `*${row.name}* (floor)` : row.name,
    `**${formatNumber(median)}**`,
    `${formatNumber(min)} – ${formatNumber(max)}`,
    formatNumber(mad),
    String(count),
    ratio,
  ];
}

/** Three significant digits, thousands apart. */
export function formatNumber(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 4 });
}

import type { Result, Row } from "../benchmark.ts";
import { formatNumber } from "./table.ts";

const WIDTH = 760;
const LABEL = 190;
const VALUE = 150;
const BAR = 18;
const STEP = 26;
const HEADER = 34;
const PANEL_GAP = 18;
const MARGIN = 12;

/** Greys that read on white and on black alike, where the viewer's scheme is not known. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #57606a; }
  .title { font-weight: 600; }
  .bar { fill: #8c959f; } .own { fill: #0969da; } .floor { fill: #c6ccd2; }
  .range { stroke: #57606a; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9aa4af; } .range { stroke: #c9d1d9; } .own { fill: #4493f8; } .floor { fill: #4b535d; } .bar { fill: #6e7681; }
  }`;

/** The results of one benchmark as an SVG picture: a panel per measure, a bar per median, a line from min to max. */
export function plotResults(results: readonly Result[]): string {
  let top = MARGIN;
  const panels = results.map((result) => {
    const panel = plotPanel(result, top);
    top += HEADER + result.rows.length * STEP + PANEL_GAP;
    return panel;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img">`,
    `<style>${STYLE}\n</style>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}

function plotPanel(result: Result, top: number): string {
  const widest = Math.max(...result.rows.map((row) => ("summary" in row ? row.summary.median : 0)), Number.MIN_VALUE);
  const scale = (value: number): number => (Math.min(value, widest * 1.1) / (widest * 1.1)) * (WIDTH - LABEL - VALUE);
  const rows = result.rows.map((row, at) => plotRow(row, top + HEADER + at * STEP, { result, scale }));
  const title = `${result.title}: ${result.measure} (${result.unit})`;
  return [`<text class="title" x="${MARGIN}" y="${top + 16}">${escapeText(title)}</text>`, ...rows].join("\n");
}

interface Panel {
  readonly result: Result;
  readonly scale: (value: number) => number;
}

function plotRow(row: Row, y: number, { result, scale }: Panel): string {
  const middle = y + BAR / 2;
  const label = `<text x="${LABEL - 10}" y="${middle + 4}" text-anchor="end">${escapeText(row.name)}</text>`;
  if ("reason" in row) return `${label}<text x="${LABEL}" y="${middle + 4}">${escapeText(shorten(row.reason))}</text>`;
  const { median, min, max } = row.summary;
  const ratio = row.ratio === undefined || row.name === result.floor ? "" : ` (× ${formatNumber(row.ratio)})`;
  return [
    label,
    `<rect class="${colourOf(row.name, result.floor)}" x="${LABEL}" y="${y}" width="${round(scale(median))}" height="${BAR}" rx="2"/>`,
    `<line class="range" x1="${round(LABEL + scale(min))}" x2="${round(LABEL + scale(max))}" y1="${middle}" y2="${middle}"/>`,
    `<text x="${round(LABEL + scale(max) + 8)}" y="${middle + 4}">${formatNumber(median)}${ratio}</text>`,
  ].join("");
}

function colourOf(name: string, floor: string): "floor" | "own" | "bar" {
  if (name === floor) return "floor";
  return name.startsWith("tsd") ? "own" : "bar";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function shorten(text: string): string {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

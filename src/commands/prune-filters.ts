import type { Labels } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { hasLabel } from "./filters.js";

/** What can be pruned, as far as filters ask. */
export interface Prunable {
  readonly labels: Labels;
  /** RFC 3339. */
  readonly created: string;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * The test that `--filter` of a prune command describes: `until=24h` or a time keeps what is younger, `label=` and `label!=` pick by
 * labels. `now` in milliseconds since the epoch. Throws `invalid-input`.
 */
export function pruneFilter(filters: readonly string[] = [], now: number): (thing: Prunable) => boolean {
  const tests = filters.map((filter) => testOf(filter, now));
  return (thing) => tests.every((test) => test(thing));
}

function testOf(filter: string, now: number): (thing: Prunable) => boolean {
  const [, key = "", value = ""] = /^(until|label!?)=(.+)$/s.exec(filter) ?? [];
  if (key === "label") return ({ labels }) => hasLabel(labels, value);
  if (key === "label!") return ({ labels }) => !hasLabel(labels, value);
  if (key === "until") {
    const limit = timeOf(value, now);
    if (limit !== undefined) return ({ created }) => Date.parse(created) < limit;
  }
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_FILTER_INVALID",
    message: `the filter "${filter}" is none that tsd prunes by`,
    hint: "Write until=24h, until=2026-01-31T10:00:00Z, label=KEY, label=KEY=VALUE or label!=KEY.",
    details: { filter },
  });
}

/** A length of time before now, as Go writes it, a time of RFC 3339, or seconds since the epoch. */
function timeOf(text: string, now: number): number | undefined {
  if (/^(\d+(\.\d+)?[smhd])+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
    const seconds = parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (units[unit] ?? 0), 0);
    return now - seconds * 1000;
  }
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

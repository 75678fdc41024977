import { TsdError } from "../errors/tsd-error.js";

/** Milliseconds of the units of Go's durations. */
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A time in any of docker's spellings, as RFC 3339 in UTC with nanoseconds: seconds since 1970 with a fraction, a duration before
 * `now` (`1h30m`), or a date with or without time and zone, where none means the zone of this machine. Throws `invalid-input`.
 */
export function parseInstant(flag: string, text: string, now: number): string {
  return fromSeconds(text) ?? fromDuration(text, now) ?? fromDate(text) ?? refuse(flag, text);
}

function fromSeconds(text: string): string | undefined {
  const [, seconds, fraction = ""] = /^(\d{1,11})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return seconds === undefined ? undefined : written(Number(seconds) * 1000, fraction);
}

function fromDuration(text: string, now: number): string | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  const ago = [...parts].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
  const then = Math.round(now - ago);
  return written(Math.floor(then / 1000) * 1000, `${((then % 1000) + 1000) % 1000}`.padStart(3, "0"));
}

function fromDate(text: string): string | undefined {
  const [, day, time = "00:00:00", fraction = "", zone = ""] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${zone}`);
  // A day that a month does not have becomes one of the next.
  const exists = Date.parse(`${day}T00:00:00Z`) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return Number.isNaN(milliseconds) || !exists ? undefined : written(milliseconds, fraction);
}

/** `milliseconds` are whole seconds. */
function written(milliseconds: number, fraction: string): string | undefined {
  const at = new Date(milliseconds);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999) return undefined;
  return `${at.toISOString().slice(0, 19)}.${fraction.padEnd(9, "0")}Z`;
}

function refuse(flag: string, text: string): never {
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_TIME_INVALID",
    message: `--${flag} "${text}" is no time`,
    hint: "Write a date such as 2026-01-31T12:00:00Z, seconds since 1970, or how long ago: 10m, 1h30m.",
    details: { flag, value: text },
  });
}

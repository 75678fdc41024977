import type { Instant } from "../api/index.js";

const PER_MILLISECOND = 1_000_000n;

/** Nanoseconds since the epoch. An RFC 3339 text has up to nine digits of a second; what is no time gives undefined. */
export function nanoseconds(instant: Instant): bigint | undefined {
  if (instant instanceof Date) return BigInt(instant.getTime()) * PER_MILLISECOND;
  const [, whole = "", fraction = "", zone = ""] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(instant) ?? [];
  const milliseconds = Date.parse(whole + zone);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * PER_MILLISECOND + BigInt(fraction.padEnd(9, "0"));
}

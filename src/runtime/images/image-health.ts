import type { HealthCheck } from "../../api/container-life.js";
import type { JsonField } from "./json-document.js";

/** Milliseconds of a week, which a timer of Node.js can hold. */
const LONGEST = 7 * 24 * 3600 * 1000;

/**
 * docker's `Healthcheck`, whose times are nanoseconds; 0 stands for the default. A time that is none, or too short or long, is brought
 * to what a check can have: an image must not keep its container from being made. Undefined where it names no check.
 */
export function readHealth(field: JsonField): HealthCheck | undefined {
  const test = field
    .at("Test")
    .items()
    .map((word) => word.requiredText());
  const [kind] = test;
  if (kind !== "NONE" && kind !== "CMD" && kind !== "CMD-SHELL") return undefined;
  if (test.some((word) => word.includes("\0"))) throw field.at("Test").invalid("free of NUL characters");
  const retries = field.at("Retries").number() ?? 0;
  const times = {
    interval: milliseconds(field.at("Interval")),
    timeout: milliseconds(field.at("Timeout")),
    startPeriod: milliseconds(field.at("StartPeriod")),
    startInterval: milliseconds(field.at("StartInterval")),
  };
  const given = Object.entries(times).filter(([, value]) => value !== undefined);
  return { test, ...Object.fromEntries(given), ...(retries >= 1 ? { retries: Math.floor(retries) } : {}) };
}

function milliseconds(field: JsonField): number | undefined {
  const nanoseconds = field.number() ?? 0;
  return nanoseconds > 0 ? Math.min(Math.max(Math.round(nanoseconds / 1e6), 1), LONGEST) : undefined;
}

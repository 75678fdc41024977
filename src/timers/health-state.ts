import type { Health, HealthCheck, HealthResult } from "../api/index.js";

/** Results that are kept, and the defaults of a check in milliseconds, as docker's. */
const KEPT = 5;
const INTERVAL = 30_000;
const START_INTERVAL = 5000;
const RETRIES = 3;
export const TIMEOUT = 30_000;

/** Milliseconds between two checks at least: an image that says 1 ns must not have the machine to itself. */
const SHORTEST = 1;

export const unchecked: Health = { status: "starting", failingStreak: 0, log: [] };

/** What a result makes of a container that has started at `startedAt`, in milliseconds. */
export function afterResult(health: Health, check: HealthCheck, result: HealthResult, startedAt: number): Health {
  const log = [...health.log, result].slice(-KEPT);
  if (result.exitCode === 0) return { status: "healthy", failingStreak: 0, log };
  const isStarting = health.status === "starting" && Date.parse(result.start) - startedAt < (check.startPeriod ?? 0);
  const failingStreak = health.failingStreak + (isStarting ? 0 : 1);
  const isUnhealthy = failingStreak >= (check.retries ?? RETRIES);
  return { status: isUnhealthy ? "unhealthy" : health.status, failingStreak, log };
}

/** Milliseconds until the next check of a container that has run for `age`, and whose last check took `took`. */
export function pauseBefore(
  health: Health,
  check: HealthCheck,
  { age, took }: { readonly age: number; readonly took: number },
): number {
  const isStarting = health.status === "starting" && age < (check.startPeriod ?? 0);
  const asked = isStarting ? (check.startInterval ?? START_INTERVAL) : (check.interval ?? INTERVAL);
  // No longer at work than at rest.
  return Math.max(asked, took, SHORTEST);
}

/** The command line that a check runs. */
export function commandOf({ test: [kind, ...words] }: HealthCheck): readonly string[] {
  return kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words.slice(0, 1)] : words;
}

import type { Container } from "../api/index.js";
import { humanDuration, timeAgo } from "./human-duration.js";

/** A container's state in docker's words: `Up 3 minutes`, `Exited (0) 2 seconds ago`. `now` in milliseconds. */
export function containerStatus(container: Container, now: number): string {
  const { status, startedAt, finishedAt, exitCode, outOfMemory } = container;
  switch (status) {
    case "created":
      return "Created";
    case "starting":
      return "Starting";
    case "restarting": {
      const code = `Restarting (${exitCode ?? 0})`;
      return finishedAt === undefined ? code : `${code} ${timeAgo(finishedAt, now)}`;
    }
    case "stopping":
      return "Stopping";
    case "running":
      return `${startedAt === undefined ? "Up" : `Up ${humanDuration(now - Date.parse(startedAt))}`}${healthText(container)}`;
    case "exited": {
      const code = exitCode === undefined ? "Exited" : `Exited (${exitCode})`;
      const ended = finishedAt === undefined ? code : `${code} ${timeAgo(finishedAt, now)}`;
      return outOfMemory ? `${ended}, out of memory` : ended;
    }
  }
}

/** docker's: `(healthy)`, and `(health: starting)` before the first check says more. */
function healthText({ health }: Container): string {
  if (health === undefined) return "";
  return health.status === "starting" ? " (health: starting)" : ` (${health.status})`;
}

/** docker's fields of `State` about restarts and health. */
export function lifeState({ status, restartFailure, health }: Container): Readonly<Record<string, unknown>> {
  return {
    Restarting: status === "restarting",
    Error: restartFailure ?? "",
    ...(health === undefined
      ? {}
      : {
          Health: {
            Status: health.status,
            FailingStreak: health.failingStreak,
            Log: health.log.map(({ start, end, exitCode, output }) => ({
              Start: start,
              End: end,
              ExitCode: exitCode,
              Output: output,
            })),
          },
        }),
  };
}

/** docker's `Config.Healthcheck`: durations in nanoseconds. */
export function healthConfig({ healthCheck }: Container): Readonly<Record<string, unknown>> {
  if (healthCheck === undefined) return {};
  const { test, retries, interval, timeout, startPeriod, startInterval } = healthCheck;
  const times = { Interval: interval, Timeout: timeout, StartPeriod: startPeriod, StartInterval: startInterval };
  const given = Object.entries(times).flatMap(([key, value]) => (value === undefined ? [] : [[key, value * 1e6]]));
  return {
    Healthcheck: { Test: test, ...Object.fromEntries(given), ...(retries === undefined ? {} : { Retries: retries }) },
  };
}

/** docker's fields of `HostConfig` about restarts and logs. */
export function lifeConfig({ spec: { restart, log } }: Container): Readonly<Record<string, unknown>> {
  const options = {
    ...(log?.maxSize === undefined ? {} : { "max-size": String(log.maxSize) }),
    ...(log?.maxFiles === undefined ? {} : { "max-file": String(log.maxFiles) }),
  };
  return {
    RestartPolicy: { Name: restart?.name ?? "no", MaximumRetryCount: restart?.retries ?? 0 },
    LogConfig: { Type: log?.driver ?? "json-file", Config: options },
  };
}

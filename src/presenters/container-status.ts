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
      return `${startedAt === undefined ? "Up" : `Up ${humanDuration(now - Date.parse(startedAt))}`}${condition(container)}`;
    case "exited": {
      const code = exitCode === undefined ? "Exited" : `Exited (${exitCode})`;
      const ended = finishedAt === undefined ? code : `${code} ${timeAgo(finishedAt, now)}`;
      return outOfMemory ? `${ended}, out of memory` : ended;
    }
  }
}

/** docker's words behind how long it runs. */
function condition({ paused, health }: Container): string {
  if (paused) return " (Paused)";
  if (health === undefined) return "";
  return health.status === "starting" ? " (health: starting)" : ` (${health.status})`;
}

import type { Container, ContainerStatus } from "../api/index.js";

/** docker knows no steps under way: a container runs from its start to its end. */
const words: Readonly<Record<ContainerStatus, string>> = {
  created: "created",
  starting: "created",
  running: "running",
  restarting: "restarting",
  stopping: "running",
  exited: "exited",
};

/** Go's zero time, docker's word for a time that has not come. */
const never = "0001-01-01T00:00:00Z";

/** A container's state in docker's word. */
export function dockerStatus({ status, paused }: Container): string {
  return status === "running" && paused ? "paused" : words[status];
}

/** docker's `State` of a container. */
export function containerState(container: Container): Readonly<Record<string, unknown>> {
  const status = dockerStatus(container);
  const { health } = container;
  return {
    Status: status,
    Running: status === "running" || status === "paused" || status === "restarting",
    Paused: status === "paused",
    Restarting: status === "restarting",
    OOMKilled: container.outOfMemory ?? false,
    Dead: false,
    Pid: container.pid ?? 0,
    ExitCode: container.exitCode ?? 0,
    Error: container.restartFailure ?? "",
    StartedAt: container.startedAt ?? never,
    FinishedAt: container.finishedAt ?? never,
    Health: health && {
      Status: health.status,
      FailingStreak: health.failingStreak,
      Log: health.log.map(({ start, end, exitCode, output }) => ({
        Start: start,
        End: end,
        ExitCode: exitCode,
        Output: output,
      })),
    },
  };
}

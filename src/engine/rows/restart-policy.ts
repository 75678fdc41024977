import type { Container } from "../../api/index.js";

/** Milliseconds of the first wait, and of the longest; each is double the one before (`restartmanager` of moby). */
const FIRST = 100;
const LONGEST = 60_000;
/** Milliseconds of a run after which the next wait is the first one again. */
const SETTLED = 10_000;

type Ended = Pick<Container, "spec" | "exitCode" | "finishedAt" | "restartCount" | "restartDelay" | "stoppedByUser">;

/** A restart that is to come. */
export type Restart = Required<Pick<Container, "restartAt" | "restartCount" | "restartDelay">>;

/** When a container starts again whose run of `ranFor` milliseconds ended; undefined for one that stays as it is. */
export function nextRestart(ended: Ended, ranFor: number): Restart | undefined {
  const { restartCount = 0, restartDelay = 0, finishedAt } = ended;
  if (finishedAt === undefined || !restarts(ended)) return undefined;
  const delay = ranFor >= SETTLED || restartDelay === 0 ? FIRST : Math.min(restartDelay * 2, LONGEST);
  return {
    restartAt: new Date(Date.parse(finishedAt) + delay).toISOString(),
    restartCount: restartCount + 1,
    restartDelay: delay,
  };
}

function restarts({ spec: { restart }, exitCode, restartCount = 0, stoppedByUser = false }: Ended): boolean {
  if (stoppedByUser) return false;
  switch (restart?.name) {
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure": {
      const { retries = 0 } = restart;
      return exitCode !== 0 && (retries === 0 || restartCount < retries);
    }
    default:
      return false;
  }
}

/** Whether a container that does not run is started when the host boots. One that never ran is not. */
export function startsAtBoot({
  spec: { restart },
  exitCode,
  stoppedByUser = false,
}: Pick<Container, "spec" | "exitCode" | "stoppedByUser">): boolean {
  if (exitCode === undefined) return false;
  switch (restart?.name) {
    case "always":
      return true;
    case "unless-stopped":
      return !stoppedByUser;
    case "on-failure":
      return !stoppedByUser && exitCode !== 0;
    default:
      return false;
  }
}

/** A container as a user starts it: what its restarts were is past. */
export function withoutRestarts(container: Container): Container {
  const {
    restartAt: _at,
    restartCount: _count,
    restartDelay: _delay,
    restartFailure: _failure,
    stoppedByUser: _stopped,
    ...rest
  } = container;
  return rest;
}

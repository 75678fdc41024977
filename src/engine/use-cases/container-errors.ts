import type { Container } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** For a container that is to be removed and has a run. */
export function stillActive({ id, name, status }: Container): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_ACTIVE",
    message: `container "${name}" is ${status}`,
    hint: `Stop it first (tsd stop ${name}), or use --force.`,
    details: { container: id, status },
  });
}

/** For a command that would wait for processes which stand still. */
export function isPaused({ id, name }: Container): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_PAUSED",
    message: `container "${name}" is paused`,
    hint: `Let it go on first: tsd unpause ${name}`,
    details: { container: id },
  });
}

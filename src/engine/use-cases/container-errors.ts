import type { Container, TerminalSize } from "../../api/index.js";
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

/** The refusal to read the log of one that was made without. */
export function withoutLog({ id, name }: Container): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_CONTAINER_WITHOUT_LOG",
    message: `container "${name}" keeps no log: it was made with --log-driver none`,
    hint: "Make it again without that flag.",
    details: { container: id },
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

export function noSize({ rows, columns }: TerminalSize): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_TERMINAL_SIZE",
    message: `a terminal has no ${rows} rows of ${columns} columns`,
    hint: "Give whole numbers up to 65535.",
    details: { rows, columns },
  });
}

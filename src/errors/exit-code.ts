import { TsdError } from "./tsd-error.js";

/** docker's exit code for "the tool itself failed" where any other code belongs to the container's command. */
export const EXIT_TSD_FAILED = 125;

/**
 * Exit code of a failed command: 2 where the caller's words were wrong, 1 for everything else. `run`, `exec` and
 * `start --attach` use {@link EXIT_TSD_FAILED} instead, as docker does.
 */
export function exitCode(error: unknown): number {
  return TsdError.is(error, "invalid-input") ? 2 : 1;
}

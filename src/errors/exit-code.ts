import { TsdError } from "./tsd-error.js";

/**
 * Exit code of a failed command: 2 where the caller's words were wrong, 1 for everything else.
 */
export function exitCode(error: unknown): number {
  return TsdError.is(error, "invalid-input") ? 2 : 1;
}

/** Errors about the command that was to run in a container, with the codes that shells and docker give them. */
const commandFaults: Readonly<Record<string, number>> = {
  TSD_RUNTIME_COMMAND_NOT_FOUND: 127,
  TSD_RUNTIME_COMMAND_NOT_EXECUTABLE: 126,
};

/** The same for `run`, `exec` and `start --attach`, whose other codes belong to the container's command: docker's 125. */
export function exitCodeBesideCommand(error: unknown): number {
  const fault = TsdError.is(error) ? commandFaults[error.code] : undefined;
  return fault ?? 125;
}

import type { ContainerSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Refuses what a container's process could not be given: execve(2) ends each word at a NUL. */
export function checkProcess(spec: ContainerSpec): void {
  const { command = [], entrypoint = [], env = [], workdir, user = "" } = spec;
  for (const word of [...entrypoint, ...command]) refuseNul("command", word);
  for (const entry of env) {
    refuseNul("--env", entry);
    if (entry === "" || entry.startsWith("=")) throw invalid("--env", entry, "a name and a value");
  }
  refuseNul("--user", user);
  if (workdir !== undefined) {
    refuseNul("--workdir", workdir);
    if (!workdir.startsWith("/")) throw invalid("--workdir", workdir, "an absolute path in the container");
  }
}

function refuseNul(flag: string, text: string): void {
  if (text.includes("\0")) throw invalid(flag, text, "free of NUL characters");
}

function invalid(flag: string, value: string, expected: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PROCESS_WISH",
    message: `${flag} "${value}" is not ${expected}`,
    hint: "Correct it, or leave it out.",
    details: { flag, value },
  });
}

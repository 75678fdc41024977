import type { RuntimeProcess } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Bundle } from "./bundle.js";

/** For a command that needs what is at `path`. */
export function stateLost({ id }: Bundle, path: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_RUNTIME_STATE_LOST",
    message: `the run-time files of container ${id.slice(0, 12)} are lost: somebody removed or changed ${path}`,
    hint: `What runs in it goes on, and it can be stopped; a new start makes them again: tsd restart ${id.slice(0, 12)}`,
    details: { container: id, path },
  });
}

/** For a process that outlives SIGKILL. */
export function stuck(id: string, { pid }: RuntimeProcess): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_RUNTIME_PROCESS_STUCK",
    message: `process ${pid} of container ${id.slice(0, 12)} was killed and does not go`,
    hint: `See what it waits for: cat /proc/${pid}/stack. The next command tries again.`,
    details: { container: id, pid },
  });
}

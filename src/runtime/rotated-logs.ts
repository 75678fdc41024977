import { statSync, watch } from "node:fs";
import { Bundle } from "./bundle.js";
import { logName } from "./log-file.js";
import { LogRotation, type Rotation } from "./log-rotation.js";

/** Milliseconds after which to look at a log of which nothing was heard. */
const LOOK_AGAIN = 5000;

interface Place {
  readonly runDir: string;
  readonly logDir: string;
}

/** The logs of containers that keep several files; `rotationOf` returns undefined for one that keeps one. */
export function rotatedLogs({ runDir, logDir }: Place, rotationOf: (id: string) => Rotation | undefined) {
  return (id: string) => {
    const path = `${logDir}/${logName(id)}`;
    const log = new LogRotation({ path, control: new Bundle(runDir, id).control });
    return {
      rotate(): void {
        const rotation = rotationOf(id);
        if (rotation !== undefined) log.rotate(rotation);
      },
      written: (signal: AbortSignal) => written(path, signal),
    };
  };
}

/** An event that comes before it is listened for is missed, and its bytes are seen with the next. */
function written(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const size = sizeOf(path);
    const timer = setTimeout(finish, LOOK_AGAIN);
    const watcher = size === undefined ? undefined : watch(path, finish).on("error", finish);
    signal.addEventListener("abort", finish, { once: true });
    if (signal.aborted || sizeOf(path) !== size) finish();
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      watcher?.close();
      resolve();
    }
  });
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

import { writeSync } from "node:fs";
import { outputLost } from "../errors/output-lost.js";

/**
 * Writes text to standard output. Synchronous, and without `process.stdout`: making that stream costs a tenth of a bare
 * start of Node.js. Throws {@link outputLost} where it cannot be written.
 */
export function writeOut(text: string): void {
  try {
    writeAll(text, { fd: 1, stream: () => process.stdout });
  } catch (error) {
    throw outputLost(error as NodeJS.ErrnoException, text);
  }
}

/** Writes text to standard error; as {@link writeOut}, but no stream is left to report that this one cannot be written. */
export function writeError(text: string): void {
  try {
    writeAll(text, { fd: 2, stream: () => process.stderr });
  } catch {
    // Least of all may a warning undo what it is about.
  }
}

interface Target {
  readonly fd: number;
  readonly stream: () => NodeJS.WriteStream;
}

function writeAll(text: string, target: Target): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(target.fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      // Someone made the pipe non-blocking: the stream waits for room, and the process for the stream.
      target.stream().write(rest);
      return;
    }
  }
}

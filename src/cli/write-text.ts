import { writeSync } from "node:fs";

/**
 * Writes text to standard output. Synchronous, and without `process.stdout`: making that stream costs a tenth of a bare
 * start of Node.js.
 */
export function writeOut(text: string): void {
  writeAll(text, { fd: 1, stream: () => process.stdout });
}

/** Writes text to standard error; as {@link writeOut}. */
export function writeError(text: string): void {
  writeAll(text, { fd: 2, stream: () => process.stderr });
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
      const code = (error as NodeJS.ErrnoException).code;
      // The reader is gone (`tsd ps | head -1`): nobody is left to tell.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      // Someone made the pipe non-blocking: the stream waits for room, and the process for the stream.
      target.stream().write(rest);
      return;
    }
  }
}

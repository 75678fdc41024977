import { basename } from "node:path";
import type { Readable } from "node:stream";
import type { ImageSource } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { progressBar } from "../presenters/progress-bar.js";
import { absolutePath } from "./absolute-path.js";
import type { Surroundings } from "./surroundings.js";

/** Milliseconds between two drawings of the bar. */
const interval = 50;
/** Back to the first column, and erase to the end of the line (ECMA-48). */
const eraseLine = "\r\u001b[K";

/** Reads an archive from a path or, as `-`, from standard input, with a progress bar where standard error is a terminal. */
export async function readImage<T>(
  file: string,
  surroundings: Surroundings,
  read: (source: ImageSource) => Promise<T>,
): Promise<T> {
  const from = file === "-" ? standardInput(surroundings) : absolutePath(file, surroundings);
  if (!surroundings.isTerminal(2)) return read({ from });
  let drawn = 0;
  const onProgress: NonNullable<ImageSource["onProgress"]> = (done, total) => {
    if (surroundings.now() - drawn < interval) return;
    drawn = surroundings.now();
    const label = typeof from === "string" ? basename(from) : "standard input";
    surroundings.writeError(`${eraseLine}${progressBar(label, { done, total }, surroundings.columns(2) - 1)}`);
  };
  try {
    return await read({ from, onProgress });
  } finally {
    surroundings.writeError(eraseLine);
  }
}

function standardInput(surroundings: Surroundings): Readable {
  if (!surroundings.isTerminal(0)) return surroundings.streams().stdin;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_SOURCE_MISSING",
    message: "an archive was to be read from standard input, which is a terminal",
    hint: "Name a file, or send the archive through a pipe.",
  });
}

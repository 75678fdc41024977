import { getSystemErrorMessage } from "node:util";
import { TsdError } from "./tsd-error.js";

/** Characters of a result that are worth a place in a hint: an id is 64. */
const MAX_SHOWN = 200;

/** For a result that finds no way out, on a full disk for example; what the command did before stays done. */
export function outputLost(cause: NodeJS.ErrnoException, text: string): TsdError {
  const { code = "unknown error", errno } = cause;
  const why = errno === undefined ? cause.message : getSystemErrorMessage(errno);
  const line = text.trimEnd();
  const lost = line !== "" && line.length <= MAX_SHOWN && !line.includes("\n") ? `; the result was: ${line}` : "";
  return new TsdError({
    kind: "kernel",
    code: "TSD_OUTPUT_LOST",
    message: `standard output cannot be written: ${why} (${code})`,
    hint: `Send it to where it can be written. What the command did stays done${lost}`,
    details: { errno: code },
    cause,
  });
}

/** True where the reader of standard output has gone, as in `tsd ps | head -1`. */
export function isReaderGone(error: unknown): boolean {
  return TsdError.is(error) && error.code === "TSD_OUTPUT_LOST" && error.details.errno === "EPIPE";
}

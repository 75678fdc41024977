import { Readable } from "node:stream";
import { outputLost } from "../errors/output-lost.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Surroundings } from "./surroundings.js";

/** Writes a tar to standard output. Throws `invalid-input` where that is a terminal. */
export async function writeStream(archive: AsyncIterable<Uint8Array>, surroundings: Surroundings): Promise<void> {
  if (surroundings.isTerminal(1)) {
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_ARCHIVE_TERMINAL",
      message: "an archive was to be written to standard output, which is a terminal",
      hint: "Send it to a file or through a pipe.",
    });
  }
  const { pipeline } = await import("node:stream/promises");
  try {
    await pipeline(archive, surroundings.streams().stdout, { end: false });
  } catch (error) {
    // What is read from is given back while the state is open.
    if (archive instanceof Readable) await closed(archive);
    throw TsdError.is(error) ? error : outputLost(error as NodeJS.ErrnoException, "");
  }
}

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once("close", resolve);
  });
}

import type { Readable } from "node:stream";
import { TsdError } from "../errors/tsd-error.js";
import type { Surroundings } from "./surroundings.js";

/** Writes a tar to standard output. Throws `invalid-input` where that is a terminal. */
export async function writeStream(archive: Readable, surroundings: Surroundings): Promise<void> {
  if (surroundings.isTerminal(1)) {
    archive.destroy();
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_ARCHIVE_TERMINAL",
      message: "an archive was to be written to standard output, which is a terminal",
      hint: "Send it to a file or through a pipe.",
    });
  }
  const { pipeline } = await import("node:stream/promises");
  await pipeline(archive, surroundings.streams().stdout, { end: false });
}

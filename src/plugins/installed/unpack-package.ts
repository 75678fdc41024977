import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { TsdError } from "../../errors/tsd-error.js";
import { pipeExec } from "../../kernel/programs/pipe-exec.js";
import { MOST_BYTES, tooMuch } from "./plain-tree.js";
import { pluginError } from "./plugin-error.js";
import { saidBy } from "./said-by.js";

/** What tar itself needs for the headers of so many bytes of files. */
const ALLOWANCE = 2;

/**
 * Unpacks a tarball as npm makes them into the new directory `target`: its one directory is left out. GNU tar writes nothing
 * outside; links and devices are left for the caller to find. Throws `plugin`.
 */
export async function unpackPackage(tarball: string, target: string): Promise<void> {
  await mkdir(target, { mode: 0o700 });
  // A tar that outlives its tsd would write on where others tidy up; and it makes no device.
  const confined = ["--bounding-set", "-mknod", "--inh-caps=-all", "--no-new-privs", "--pdeathsig", "KILL", "tar"];
  const options = ["--extract", "--file=-", "--no-same-owner", "--no-same-permissions", "--no-unquote"];
  try {
    await pipeExec(
      "setpriv",
      [...confined, ...options, "--strip-components=1", "--directory", target],
      bounded(tarball),
      { env: { TAR_OPTIONS: "", LC_ALL: "C" }, umask: 0o077 },
    );
  } catch (cause) {
    if (TsdError.is(cause) && cause.kind !== "runtime") throw cause;
    const said = TsdError.is(cause) ? String(cause.details.stderr).replace(/^tar: /, "") : cause;
    throw pluginError(tarball, {
      code: "TSD_PLUGIN_ARCHIVE",
      message: `plug-in "${tarball}" is not a tarball that can be unpacked: ${saidBy(said)}`,
      hint: "Make it again with npm pack.",
      cause,
    });
  }
}

/** The uncompressed tarball, as far as a plug-in may be large. */
async function* bounded(tarball: string): AsyncGenerator<Buffer> {
  let size = 0;
  const file = createReadStream(tarball);
  // A failure reaches the reader of the stream.
  const stream = tarball.endsWith(".tar") ? file : pipeline(file, createGunzip(), () => undefined);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES * ALLOWANCE) throw tooMuch(tarball, `more than ${MOST_BYTES / 1024 ** 2} MiB`);
    yield chunk;
  }
}

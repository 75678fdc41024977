import { createHash } from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { TsdError } from "../../errors/tsd-error.js";
import { openWhiteouts } from "../../kernel/files/whiteout.js";
import { pipeExec } from "../../kernel/programs/pipe-exec.js";
import { decompress } from "./decompress.js";
import { hideEntries } from "./hide-entries.js";
import { filterLayer, type Hidden } from "./layer-filter.js";
import type { FrameWriter } from "./layer-frame.js";

/** A layer to read: a tar archive, compressed or not. */
export interface LayerSource {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Names the layer in errors. */
  readonly archive: string;
  /** What the uncompressed archive's hex SHA-256 must be; absent if it is not stated. */
  readonly diffId?: string;
}

export interface Layer {
  /** Hex SHA-256 of the uncompressed archive. */
  readonly diffId: string;
  /** Bytes of the uncompressed archive. */
  readonly size: number;
  /** It hides all that the layers below it hold. */
  readonly opaque?: true;
}

/**
 * Of extended attributes, only file capabilities and users' own are the image's to give: `trusted.overlay.*` would
 * redirect overlayfs, and labels of another machine's security module mean nothing here.
 */
const TAR_OPTIONS: readonly string[] = [
  "--extract",
  "--file=-",
  // The directory may have a backslash in its name.
  "--no-unquote",
  "--numeric-owner",
  "--same-owner",
  "--same-permissions",
  "--delay-directory-restore",
  "--xattrs",
  "--xattrs-include=security.capability",
  "--xattrs-include=user.*",
  "--warning=no-timestamp",
  "--warning=no-unknown-keyword",
];

/**
 * All that tar may do as root. Above all not CAP_MKNOD: an archive in which tar finds entries that {@link filterLayer} took
 * for data, by a sparse map that is longer than its file say, still makes no device node.
 */
const CAPABILITIES = ["-all", "+chown", "+dac_override", "+fowner", "+fsetid", "+setfcap"].join(",");

/**
 * Unpacks a layer into the new directory `target`, ready for overlayfs, by GNU tar. Nothing is written outside it,
 * whatever the archive holds. Throws `invalid-input` for a damaged or dangerous archive or a wrong digest, `runtime`
 * where tar fails; `target` is then of no use. `frame` takes the layer's frame, and is the caller's to finish.
 */
export async function unpackLayer(source: LayerSource, target: string, frame?: FrameWriter): Promise<Layer> {
  await mkdir(target);
  await chmod(target, 0o755);
  const unpack = async (entries: AsyncIterable<Buffer>, hidden: Hidden) => {
    await runTar(entries, target, source.archive);
    if (hidden.paths.length + hidden.contents.length > 0) await hideEntries(target, hidden, await openWhiteouts());
  };
  return await readLayer(source, unpack, frame);
}

/**
 * Reads a layer to its end, and has `use` take what may be unpacked of it; `hidden` is complete once all is taken. Throws
 * `invalid-input` as {@link unpackLayer} does.
 */
export async function readLayer(
  source: LayerSource,
  use: (entries: AsyncIterable<Buffer>, hidden: Hidden) => Promise<void>,
  frame?: FrameWriter,
): Promise<Layer> {
  const hash = createHash("sha256");
  let size = 0;
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const chunk of decompress(source.stream, source.archive)) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  const hidden: Hidden = { paths: [], contents: [] };
  const filtered = filterLayer(hashed(), {
    archive: source.archive,
    hidden,
    needsEnd: source.diffId === undefined,
    ...(frame === undefined ? {} : { frame }),
  });
  await use(filtered, hidden);
  const diffId = hash.digest("hex");
  if (source.diffId !== undefined && source.diffId !== diffId) throw wrongDigest(source.archive, source.diffId, diffId);
  return { diffId, size, ...(hidden.contents.includes(".") ? { opaque: true } : {}) };
}

async function runTar(layer: AsyncIterable<Buffer>, target: string, archive: string): Promise<void> {
  try {
    // The user's own options must not reach tar, and directories that no entry describes must be open to all users.
    // And a tar that outlives its tsd would write on where others tidy up.
    const bounds = ["--bounding-set", CAPABILITIES, "--inh-caps=-all", "--no-new-privs"];
    const confined = [...bounds, "--pdeathsig", "KILL", "tar"];
    await pipeExec("setpriv", [...confined, ...TAR_OPTIONS, "--directory", target], layer, {
      env: { TAR_OPTIONS: "", LC_ALL: "C" },
      umask: 0o022,
    });
  } catch (error) {
    if (!TsdError.is(error, "runtime")) throw error;
    throw new TsdError({
      kind: "runtime",
      code: "TSD_IMAGE_UNPACK_FAILED",
      message: `${archive} cannot be unpacked: ${firstComplaint(String(error.details.stderr)) ?? error.message}`,
      details: error.details,
      cause: error,
    });
  }
}

/** tar's first line that reports a failure; those on leading slashes are mere remarks. */
function firstComplaint(stderr: string): string | undefined {
  const lines = stderr.split("\n").map((line) => line.replace(/^tar: /, ""));
  return lines.find((line) => line !== "" && !line.startsWith("Removing leading"));
}

function wrongDigest(archive: string, expected: string, actual: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_DIGEST_MISMATCH",
    message: `${archive} has the digest sha256:${actual}, but the image says sha256:${expected}`,
    hint: "Make or copy the archive again.",
    details: { expected, actual },
  });
}

import { createHash } from "node:crypto";
import type { ImageConfig } from "../../api/image.js";
import { TsdError } from "../../errors/tsd-error.js";
import { signalNumber } from "../signal.js";
import { damagedArchive } from "./damaged-archive.js";
import { type Json, parseJson, readList, readObject, readText } from "./json-document.js";

/** What tsd takes from an OCI image configuration (image-spec config.md; docker's is the same for these fields). */
export interface ImageDescription {
  /** Hex SHA-256 of the document. */
  readonly id: string;
  readonly config: ImageConfig;
  /** RFC 3339; absent in reproducible images. */
  readonly created?: string;
  /** Hex digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly string[];
}

/** Reads a configuration document. Throws `invalid-input`; `archive` names it. */
export function describeImage(document: Buffer, archive: string): ImageDescription {
  const root = readObject(parseJson(document, archive));
  const config = readObject(root.config);
  const diffIds = readList(readObject(root.rootfs).diff_ids).map((digest) => hexDigest(digest, archive));
  const workdir = readText(config.WorkingDir);
  const user = readText(config.User);
  const stopSignal = readText(config.StopSignal);
  const created = readTime(root.created);
  return {
    id: createHash("sha256").update(document).digest("hex"),
    config: {
      entrypoint: readTexts(config.Entrypoint),
      command: readTexts(config.Cmd),
      env: readTexts(config.Env),
      exposedPorts: Object.keys(readObject(config.ExposedPorts)),
      ...(workdir === "" ? {} : { workdir }),
      ...(user === "" ? {} : { user }),
      ...(isSignal(stopSignal) ? { stopSignal } : {}),
    },
    ...(created === undefined ? {} : { created }),
    diffIds,
  };
}

/** The configuration document of a one-layer image that says nothing of a command. `diffId` is hex. */
export function writeImageConfig(diffId: string, architecture: string, created: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      created,
      architecture,
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [`sha256:${diffId}`] },
      history: [{ created, comment: "imported from a root file system" }],
    }),
  );
}

/** The hex digits of `sha256:<digest>`. Throws `invalid-input` for anything else. */
export function hexDigest(digest: Json | undefined, archive: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(readText(digest))?.[1];
  if (hex !== undefined) return hex;
  throw damagedArchive(archive, `names a part by ${JSON.stringify(digest)}, which is no sha256 digest`);
}

/** A signal that nobody knows must not keep the container from being stopped: docker too takes its own then. */
function isSignal(text: string): boolean {
  try {
    return text !== "" && signalNumber(text) > 0;
  } catch (error) {
    if (TsdError.is(error, "invalid-input")) return false;
    throw error;
  }
}

/** A time of RFC 3339; undefined for anything else. */
function readTime(value: Json | undefined): string | undefined {
  const text = readText(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : undefined;
}

function readTexts(value: Json | undefined): readonly string[] {
  return readList(value).map((item) => readText(item));
}

import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { ImageConfig } from "../../api/image.js";
import { signalNumber } from "../../contracts/signal-number.js";
import { TsdError } from "../../errors/tsd-error.js";
import { readHealth } from "./image-health.js";
import { type DocumentPlace, JsonField } from "./json-document.js";
import { limits, tooMany } from "./limits.js";

/** What tsd takes from an OCI image configuration (image-spec config.md; docker's is the same for these fields). */
export interface ImageDescription {
  /** Hex SHA-256 of the document. */
  readonly id: string;
  readonly config: ImageConfig;
  /** `linux/amd64`, `linux/arm/v7`; absent where the image does not say. */
  readonly platform?: string;
  /** RFC 3339; absent in reproducible images. */
  readonly created?: string;
  /** Hex digests of the uncompressed layers, lowest first. */
  readonly diffIds: readonly string[];
}

/**
 * Reads a configuration document, and checks all of it that a container will be made from. Throws `invalid-input` with the
 * field.
 */
export function describeImage(document: Buffer, place: DocumentPlace): ImageDescription {
  const root = JsonField.parse(document, place);
  const created = readTime(root.at("created"));
  const platform = readPlatform(root);
  return {
    id: createHash("sha256").update(document).digest("hex"),
    config: readConfig(root.at("config")),
    ...(platform === undefined ? {} : { platform }),
    ...(created === undefined ? {} : { created }),
    diffIds: readDiffIds(root.at("rootfs"), place.archive),
  };
}

/** What an imported image says of itself. */
export interface ImportedFacts {
  readonly architecture: string;
  /** RFC 3339. */
  readonly created: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly comment?: string;
}

/** The configuration document of a one-layer image. `diffId` is hex. */
export function writeImageConfig(diffId: string, facts: ImportedFacts): Buffer {
  const { architecture, created, config, comment = "imported from a root file system" } = facts;
  return Buffer.from(
    JSON.stringify({
      created,
      architecture,
      os: "linux",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${diffId}`] },
      history: [{ created, comment }],
    }),
  );
}

/** The hex digits of `sha256:<digest>`. Throws `invalid-input` for anything else. */
export function hexDigest(field: JsonField): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(field.requiredText())?.[1];
  if (hex !== undefined) return hex;
  throw field.invalid("a sha256 digest");
}

function readConfig(config: JsonField): ImageConfig {
  const workdir = readWorkdir(config.at("WorkingDir"));
  const user = readWord(config.at("User"));
  const stopSignal = config.at("StopSignal").text() ?? "";
  const health = readHealth(config.at("Healthcheck"));
  const labels = config
    .at("Labels")
    .entries()
    .map(([key, value]) => [key, value.text() ?? ""] as const);
  const volumes = readVolumes(config.at("Volumes"));
  return {
    entrypoint: readWords(config.at("Entrypoint")),
    command: readWords(config.at("Cmd")),
    env: readEnv(config.at("Env")),
    exposedPorts: readPorts(config.at("ExposedPorts")),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
    ...(workdir === "" ? {} : { workdir }),
    ...(user === "" ? {} : { user }),
    ...(isSignal(stopSignal) ? { stopSignal } : {}),
    ...(health === undefined ? {} : { health }),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}

function readPlatform(root: JsonField): string | undefined {
  const architecture = root.at("architecture").text() ?? "";
  const os = root.at("os").text() ?? "";
  const variant = root.at("variant").text() ?? "";
  if (architecture === "" && os === "") return undefined;
  return `${os || "linux"}/${architecture}${variant === "" ? "" : `/${variant}`}`;
}

function readDiffIds(rootfs: JsonField, archive: string): readonly string[] {
  const type = rootfs.at("type");
  if (!type.isMissing && type.text() !== "layers") throw type.invalid('"layers"');
  const diffIds = rootfs.at("diff_ids").items();
  if (diffIds.length > limits.layers) throw tooMany(archive, "layers in one image", diffIds.length, limits.layers);
  return diffIds.map(hexDigest);
}

/** What execve(2) takes as one argument or variable: `MAX_ARG_STRLEN` of <linux/binfmts.h>, without the NUL. */
const WORD_MAX = 131_071;

/** A text that a process can be given, which a NUL would end. */
function readWord(field: JsonField): string {
  const word = field.text() ?? "";
  if (word.includes("\0")) throw field.invalid("free of NUL characters");
  if (Buffer.byteLength(word) > WORD_MAX) throw field.invalid(`of at most ${WORD_MAX} bytes`);
  return word;
}

function readWords(field: JsonField): readonly string[] {
  return field.items().map((item) => {
    item.requiredText();
    return readWord(item);
  });
}

function readEnv(field: JsonField): readonly string[] {
  return field.items().map((item) => {
    if (/^(=|$)/.test(item.requiredText())) throw item.invalid("a name and a value");
    return readWord(item);
  });
}

function readWorkdir(field: JsonField): string {
  const workdir = readWord(field);
  if (workdir !== "" && !workdir.startsWith("/")) throw field.invalid("an absolute path");
  return workdir;
}

/** `80`, `80/tcp`, `8000-8010/udp`. */
function readPorts(field: JsonField): readonly string[] {
  return readKeys(field).map((port) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/i.exec(port) ?? [];
    const isRange = Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535;
    if (!isRange) throw field.invalid("made of ports such as 80/tcp");
    return port;
  });
}

/** Places in the container, each in its shortest form and once. */
function readVolumes(field: JsonField): readonly string[] {
  const places = readKeys(field).map((path) => {
    const place = posix.resolve(path);
    if (!path.startsWith("/") || place === "/" || path.includes("\0"))
      throw field.invalid("made of absolute paths below the root");
    return place;
  });
  return [...new Set(places)];
}

/** The keys of an object that is used as a set: what is under them are empty objects. */
function readKeys(field: JsonField): readonly string[] {
  return field.entries().map(([key, value]) => {
    value.entries();
    return key;
  });
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
function readTime(field: JsonField): string | undefined {
  const text = field.text() ?? "";
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : undefined;
}

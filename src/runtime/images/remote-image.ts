import { createHash } from "node:crypto";
import { TsdError } from "../../errors/tsd-error.js";
import type { Blob } from "../../registry/blob.js";
import { dishonest } from "../../registry/failures.js";
import type { Registry } from "../../registry/registry.js";
import { describeImage, hexDigest, type ImageDescription } from "./image-config.js";
import type { ImageReference } from "./image-reference.js";
import { JsonField } from "./json-document.js";
import { limits } from "./limits.js";
import { distance, type Platform, platformText } from "./platform.js";

/** An image as a registry holds it; of its layers nothing is fetched yet. */
export interface RemoteImage {
  /** `sha256:…` of the document that the name leads to. */
  readonly digest: string;
  readonly description: ImageDescription;
  readonly configuration: string;
  /** Compressed layers, lowest first, one per diff id. */
  readonly layers: readonly Blob[];
}

const INDEXES: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const MANIFESTS: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const ACCEPT = [...INDEXES, ...MANIFESTS].join(", ");
/** Indexes within indexes are legal; this many deep, they are an attack. */
const DEPTH_MAX = 4;
/** A compressed layer that is larger is a mistake or an attack: 1 TiB. */
const BLOB_MAX = 2 ** 40;

interface Descriptor extends Blob {
  readonly type: string;
  readonly platform: Platform | undefined;
}

/**
 * Finds the image of a platform under a name, and reads all of it but its layers. Each document is checked against the digest by
 * which it was asked for. Throws `not-found`, `unsupported` where there is none for the platform, and `invalid-input`.
 */
export async function readRemoteImage(
  registry: Registry,
  { selector, full }: ImageReference,
  wanted: Platform,
): Promise<RemoteImage> {
  const archive = `the image ${full}`;
  const top = await readManifest(registry, selector);
  const pinned = /^sha256:/.test(selector) ? selector : top.digest;
  if (pinned !== top.digest) throw otherBytes(registry, pinned, top.digest);
  let { field, type } = { field: JsonField.parse(top.bytes, { archive, member: top.digest }), type: top.type };
  let at = top.digest;
  for (let depth = 1; isIndex(field, type); depth++) {
    if (depth > DEPTH_MAX) throw dishonest(registry.host, `nests indexes more than ${DEPTH_MAX} deep`);
    const chosen = choose(readDescriptors(field), wanted, full);
    const next = await readManifest(registry, chosen.digest);
    if (next.digest !== chosen.digest) throw otherBytes(registry, chosen.digest, next.digest);
    field = JsonField.parse(next.bytes, { archive, member: next.digest });
    [type, at] = [next.type, next.digest];
  }
  if (isOld(field, type)) throw oldManifest(full);
  if (field.at("layers").isMissing || field.at("config").isMissing)
    throw dishonest(registry.host, `has something else than an image under ${full}: ${type || "no type"}, ${at}`);
  const config = readBlob(field.at("config"));
  const { bytes } = await registry.document(`blobs/${config.digest}`, "*/*", limits.document);
  const actual = digestOf(bytes);
  if (actual !== config.digest) throw otherBytes(registry, config.digest, actual);
  const description = describeImage(bytes, { archive, member: config.digest });
  const layers = field.at("layers").items().map(readBlob);
  if (layers.length !== description.diffIds.length)
    throw dishonest(
      registry.host,
      `lists ${layers.length} layers for an image whose configuration has ${description.diffIds.length}`,
    );
  requireFit(description, wanted, full);
  return { digest: top.digest, description, configuration: bytes.toString("utf8"), layers };
}

async function readManifest(registry: Registry, selector: string) {
  const { bytes, type } = await registry.document(`manifests/${selector}`, ACCEPT, limits.document);
  return { bytes, type, digest: digestOf(bytes) };
}

/** What a document says of itself goes before what the registry says of it. */
function isIndex(document: JsonField, type: string): boolean {
  const stated = document.at("mediaType").text() ?? type;
  return INDEXES.includes(stated) || (!MANIFESTS.includes(stated) && !document.at("manifests").isMissing);
}

function isOld(document: JsonField, type: string): boolean {
  return /docker\.distribution\.manifest\.v1\+/.test(type) || !document.at("fsLayers").isMissing;
}

function readDescriptors(index: JsonField): readonly Descriptor[] {
  return index
    .at("manifests")
    .items()
    .map((item) => ({
      ...readBlob(item),
      type: item.at("mediaType").text() ?? "",
      platform: readPlatform(item.at("platform")),
    }));
}

function readPlatform(field: JsonField): Platform | undefined {
  const os = field.at("os").text();
  const architecture = field.at("architecture").text();
  if (os === undefined || architecture === undefined) return undefined;
  const variant = field.at("variant").text();
  return { os, architecture, ...(variant ? { variant } : {}) };
}

function readBlob(field: JsonField): Blob {
  return { digest: `sha256:${hexDigest(field.at("digest"))}`, size: field.at("size").size(BLOB_MAX) };
}

/** The nearest variant; of two alike the first. What states no platform serves where nothing else does. */
function choose(descriptors: readonly Descriptor[], wanted: Platform, full: string): Descriptor {
  const known = descriptors.filter(({ type }) => type === "" || INDEXES.includes(type) || MANIFESTS.includes(type));
  const ranked = known
    .map((descriptor) => ({
      descriptor,
      rank: descriptor.platform === undefined ? Number.MAX_VALUE : distance(descriptor.platform, wanted),
    }))
    .filter((one): one is { descriptor: Descriptor; rank: number } => one.rank !== undefined)
    .sort((one, other) => one.rank - other.rank);
  const [best] = ranked;
  if (best !== undefined) return best.descriptor;
  const offered = known.flatMap(({ platform }) => (platform === undefined ? [] : [platformText(platform)]));
  throw notForPlatform(full, wanted, [...new Set(offered)]);
}

function requireFit({ platform }: ImageDescription, wanted: Platform, full: string): void {
  if (platform === undefined) return;
  const [os = "", architecture = ""] = platform.split("/");
  if (architecture !== "" && (os !== wanted.os || architecture !== wanted.architecture))
    throw notForPlatform(full, wanted, [platform]);
}

function notForPlatform(full: string, wanted: Platform, offered: readonly string[]): TsdError {
  const others = offered.length === 0 ? "" : `, but for ${offered.slice(0, 12).join(", ")}`;
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_PLATFORM",
    message: `the registry has no image ${full} for ${platformText(wanted)}${others}`,
    hint: "Choose one of those with --platform if this machine can run it.",
    details: { image: full, platform: platformText(wanted), offered },
  });
}

function oldManifest(full: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_SCHEMA_1",
    message: `the registry has ${full} in docker's first format of 2013 (schema 1) alone, which tsd does not read`,
    hint: "Push the image again with a docker of today.",
    details: { image: full },
  });
}

function otherBytes(registry: Registry, expected: string, actual: string): TsdError {
  return dishonest(registry.host, `sends other bytes than ${expected}: their digest is ${actual}`);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

import { createHash } from "node:crypto";
import { damagedArchive } from "./damaged-archive.js";
import type { ImageArchive } from "./image-archive.js";
import { describeImage, hexDigest } from "./image-config.js";
import { nameInArchive } from "./image-name.js";
import { type ImagePlan, planImage } from "./image-plan.js";
import { JsonField } from "./json-document.js";
import { fitsPlatform, wrongPlatform } from "./platform.js";

export const OCI_INDEX = "index.json";

const INDEX_TYPES = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);
/** Indexes within indexes are legal; this many deep, they are an attack. */
const DEPTH_MAX = 4;

interface Descriptor {
  readonly digest: string;
  readonly isIndex: boolean;
  /** `linux/amd64`, where stated. */
  readonly platform: string | undefined;
  readonly name: string | undefined;
}

/**
 * The images of an OCI image layout (image-spec image-layout.md): those of `index.json` that fit the machine, and of an
 * index within it the first that does. `architecture` is Go's name. Throws `invalid-input` for a damaged archive and
 * `unsupported` where nothing fits.
 */
export async function readOciArchive(archive: ImageArchive, architecture: string): Promise<readonly ImagePlan[]> {
  const index = JsonField.parse(await archive.document(OCI_INDEX), { archive: archive.name, member: OCI_INDEX });
  const descriptors = readDescriptors(index);
  if (descriptors.length === 0) throw damagedArchive(archive.name, `has no image: its ${OCI_INDEX} names none`);
  const plans: ImagePlan[] = [];
  const search = { archive, architecture, known: new Map<string, ImagePlan | undefined>() };
  for (const descriptor of descriptors) {
    const plan = await readImage(search, descriptor, 1);
    const name = descriptor.name === undefined ? undefined : nameInArchive(descriptor.name);
    if (plan !== undefined) plans.push({ ...plan, names: name === undefined ? [] : [name] });
  }
  if (plans.length === 0) throw wrongPlatform(archive.name, architecture);
  return plans;
}

interface Search {
  readonly archive: ImageArchive;
  readonly architecture: string;
  /** What was found under a digest, so that one which is named often is read once. */
  readonly known: Map<string, ImagePlan | undefined>;
}

/** Undefined where the image, or every image of the index, is for other machines. */
async function readImage(search: Search, descriptor: Descriptor, depth: number): Promise<ImagePlan | undefined> {
  const { archive, architecture, known } = search;
  if (descriptor.platform !== undefined && descriptor.platform !== `linux/${architecture}`) return undefined;
  if (known.has(descriptor.digest)) return known.get(descriptor.digest);
  if (depth > DEPTH_MAX) throw damagedArchive(archive.name, `nests indexes more than ${DEPTH_MAX} deep`);
  const document = await readBlob(archive, descriptor.digest);
  const plan = descriptor.isIndex
    ? await firstThatFits(search, readDescriptors(document), depth + 1)
    : await readManifest(search, document);
  known.set(descriptor.digest, plan);
  return plan;
}

async function firstThatFits(
  search: Search,
  descriptors: readonly Descriptor[],
  depth: number,
): Promise<ImagePlan | undefined> {
  for (const descriptor of descriptors) {
    const plan = await readImage(search, descriptor, depth);
    if (plan !== undefined) return plan;
  }
  return undefined;
}

async function readManifest({ archive, architecture }: Search, manifest: JsonField): Promise<ImagePlan | undefined> {
  const digest = hexDigest(manifest.at("config").at("digest"));
  const place = { archive: archive.name, member: blobPath(digest) };
  const document = await readBytes(archive, digest);
  const description = describeImage(document, place);
  if (!fitsPlatform(description, architecture)) return undefined;
  const layers = manifest
    .at("layers")
    .items()
    .map((layer) => blobPath(hexDigest(layer.at("digest"))));
  return planImage(archive.name, { description, configuration: document.toString("utf8"), layers, names: [] });
}

function readDescriptors(index: JsonField): readonly Descriptor[] {
  return index
    .at("manifests")
    .items()
    .map((item) => {
      const platform = item.at("platform");
      return {
        digest: hexDigest(item.at("digest")),
        isIndex: INDEX_TYPES.has(item.at("mediaType").text() ?? ""),
        platform: platform.isMissing
          ? undefined
          : `${platform.at("os").text() ?? ""}/${platform.at("architecture").text() ?? ""}`,
        name: readName(item.at("annotations")),
      };
    });
}

/** containerd writes the full name under its own key; others write it, or only the tag, under the specification's. */
function readName(annotations: JsonField): string | undefined {
  const full = annotations.at("io.containerd.image.name").text() ?? "";
  const reference = annotations.at("org.opencontainers.image.ref.name").text() ?? "";
  if (full !== "") return full;
  return /[:/]/.test(reference) ? reference : undefined;
}

async function readBlob(archive: ImageArchive, digest: string): Promise<JsonField> {
  const place = { archive: archive.name, member: blobPath(digest) };
  return JsonField.parse(await readBytes(archive, digest), place);
}

async function readBytes(archive: ImageArchive, digest: string): Promise<Buffer> {
  const blob = await archive.document(blobPath(digest));
  const actual = createHash("sha256").update(blob).digest("hex");
  if (actual !== digest)
    throw damagedArchive(archive.name, `is damaged: its "${blobPath(digest)}" has the digest sha256:${actual}`);
  return blob;
}

function blobPath(digest: string): string {
  return `blobs/sha256/${digest}`;
}

import { createHash } from "node:crypto";
import { TsdError } from "../../errors/tsd-error.js";
import { damagedArchive } from "./damaged-archive.js";
import type { ImageArchive } from "./image-archive.js";
import { hexDigest } from "./image-config.js";
import { type ImagePlan, planImage } from "./image-plan.js";
import { type Json, parseJson, readList, readObject, readText } from "./json-document.js";

export const OCI_INDEX = "index.json";

const INDEX_TYPES = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);
/** Indexes within indexes are legal; this many deep, they are an attack. */
const DEPTH_MAX = 4;

/** Go's names of processors, which images use, where Node's differ. */
const goArchitectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  ppc64: "ppc64le",
  loong64: "loong64",
};

/** The name that images give the processor which Node calls `architecture`. */
export function goArchitecture(architecture: string): string {
  return goArchitectures[architecture] ?? architecture;
}

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
  const index = parseJson(await archive.document(OCI_INDEX), archive.name);
  const descriptors = readDescriptors(index, archive.name);
  const plans: ImagePlan[] = [];
  const search = { archive, architecture, barren: new Set<string>() };
  for (const descriptor of descriptors) {
    const plan = await readImage(search, descriptor, 1);
    if (plan !== undefined) plans.push(plan);
  }
  if (plans.length === 0 && descriptors.length > 0) throw wrongPlatform(archive.name, architecture);
  return plans;
}

interface Search {
  readonly archive: ImageArchive;
  readonly architecture: string;
  /** Digests of indexes that are known to have nothing, so that one which is named often is read once. */
  readonly barren: Set<string>;
}

/** Undefined where the image, or every image of the index, is for other machines. */
async function readImage(search: Search, descriptor: Descriptor, depth: number): Promise<ImagePlan | undefined> {
  const { archive, architecture, barren } = search;
  if (barren.has(descriptor.digest)) return undefined;
  if (descriptor.platform !== undefined && descriptor.platform !== `linux/${architecture}`) return undefined;
  if (depth > DEPTH_MAX) throw damagedArchive(archive.name, `nests indexes more than ${DEPTH_MAX} deep`);
  const document = parseJson(await readBlob(archive, descriptor.digest), archive.name);
  const { config, layers } = readObject(document);
  if (!descriptor.isIndex)
    return planImage(archive, {
      configuration: await readBlob(archive, hexDigest(readObject(config).digest, archive.name)),
      layers: readList(layers).map((layer) => blobPath(hexDigest(readObject(layer).digest, archive.name))),
      names: descriptor.name === undefined ? [] : [descriptor.name],
    });
  for (const inner of readDescriptors(document, archive.name)) {
    const plan = await readImage(search, { ...inner, name: descriptor.name }, depth + 1);
    if (plan !== undefined) return plan;
  }
  barren.add(descriptor.digest);
  return undefined;
}

function readDescriptors(index: Json, archive: string): readonly Descriptor[] {
  return readList(readObject(index).manifests).map((item) => {
    const { digest, mediaType, platform, annotations } = readObject(item);
    const { os, architecture } = readObject(platform);
    return {
      digest: hexDigest(digest, archive),
      isIndex: INDEX_TYPES.has(readText(mediaType)),
      platform: platform === undefined ? undefined : `${readText(os)}/${readText(architecture)}`,
      name: readName(annotations),
    };
  });
}

/** containerd writes the full name under its own key; others write it, or only the tag, under the specification's. */
function readName(annotations: Json | undefined): string | undefined {
  const values = readObject(annotations);
  const full = readText(values["io.containerd.image.name"]);
  const reference = readText(values["org.opencontainers.image.ref.name"]);
  if (full !== "") return full;
  return /[:/]/.test(reference) ? reference : undefined;
}

async function readBlob(archive: ImageArchive, digest: string): Promise<Buffer> {
  const blob = await archive.document(blobPath(digest));
  const actual = createHash("sha256").update(blob).digest("hex");
  if (actual !== digest)
    throw damagedArchive(archive.name, `is damaged: its "${blobPath(digest)}" has the digest sha256:${actual}`);
  return blob;
}

function blobPath(digest: string): string {
  return `blobs/sha256/${digest}`;
}

function wrongPlatform(archive: string, architecture: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_PLATFORM",
    message: `${archive} has no image for linux/${architecture}`,
    hint: `Save the image for this machine: docker pull --platform linux/${architecture} NAME.`,
    details: { archive, architecture },
  });
}

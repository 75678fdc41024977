import { createHash } from "node:crypto";
import { posix } from "node:path";
import { damagedArchive } from "./damaged-archive.js";
import type { ImageArchive } from "./image-archive.js";
import { type ImagePlan, planImage } from "./image-plan.js";
import { type JsonObject, parseJson, readList, readObject, readText } from "./json-document.js";

export const DOCKER_MANIFEST = "manifest.json";

/**
 * The images of a `docker save` archive (moby, image/spec/v1.2.md). Old ones keep a layer in `<id>/layer.tar`, new ones
 * are OCI layouts at the same time and keep it in `blobs/sha256/<digest>`; their manifest.json reads alike.
 */
export async function readDockerArchive(archive: ImageArchive): Promise<readonly ImagePlan[]> {
  const manifest = readList(parseJson(await archive.document(DOCKER_MANIFEST), archive.name));
  const plans: ImagePlan[] = [];
  // One after the other: a manifest can name more documents than fit into memory.
  for (const item of manifest) plans.push(await readImage(archive, readObject(item)));
  return plans;
}

async function readImage(archive: ImageArchive, image: JsonObject): Promise<ImagePlan> {
  const member = readText(image.Config);
  const configuration = await archive.document(member);
  checkName(member, configuration, archive.name);
  return planImage(archive, {
    configuration,
    layers: readList(image.Layers).map(readText),
    names: readList(image.RepoTags).map(readText),
  });
}

/** A configuration is named after its digest: `<digest>.json` or `blobs/sha256/<digest>`. Other names say nothing. */
function checkName(member: string, configuration: Buffer, archive: string): void {
  const claimed = posix.basename(member, ".json");
  const digest = createHash("sha256").update(configuration).digest("hex");
  if (/^[0-9a-f]{64}$/.test(claimed) && claimed !== digest)
    throw damagedArchive(archive, `is damaged: its "${member}" has the digest sha256:${digest}`);
}

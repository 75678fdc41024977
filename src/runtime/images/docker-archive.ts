import { createHash } from "node:crypto";
import { posix } from "node:path";
import { damagedArchive } from "./damaged-archive.js";
import type { ImageArchive } from "./image-archive.js";
import { describeImage } from "./image-config.js";
import { nameInArchive } from "./image-name.js";
import { type ImagePlan, planImage } from "./image-plan.js";
import { JsonField } from "./json-document.js";
import { fitsPlatform, wrongPlatform } from "./platform.js";

export const DOCKER_MANIFEST = "manifest.json";

/**
 * The images of a `docker save` archive (moby, image/spec/v1.2.md). Old ones keep a layer in `<id>/layer.tar`, new ones
 * are OCI layouts at the same time and keep it in `blobs/sha256/<digest>`; their manifest.json reads alike. `architecture`
 * is Go's name. Throws `invalid-input` for a damaged archive and `unsupported` for an image of another machine.
 */
export async function readDockerArchive(archive: ImageArchive, architecture: string): Promise<readonly ImagePlan[]> {
  const place = { archive: archive.name, member: DOCKER_MANIFEST };
  const images = JsonField.parse(await archive.document(DOCKER_MANIFEST), place).items();
  if (images.length === 0) throw damagedArchive(archive.name, `has no image: its ${DOCKER_MANIFEST} names none`);
  const known = new Map<string, Described>();
  const plans: ImagePlan[] = [];
  for (const image of images) {
    const member = image.at("Config").requiredText();
    const described = known.get(member) ?? (await readDescription(archive, member));
    const { description } = described;
    known.set(member, described);
    if (!fitsPlatform(description, architecture)) throw wrongPlatform(archive.name, architecture, description.platform);
    const layers = image
      .at("Layers")
      .items()
      .map((layer) => layer.requiredText());
    const names = image
      .at("RepoTags")
      .items()
      .flatMap((name) => nameInArchive(name.requiredText()) ?? []);
    plans.push(planImage(archive.name, { ...described, layers, names }));
  }
  return plans;
}

type Described = Pick<ImagePlan, "description" | "configuration">;

async function readDescription(archive: ImageArchive, member: string): Promise<Described> {
  const document = await archive.document(member);
  checkName(member, document, archive.name);
  const description = describeImage(document, { archive: archive.name, member });
  return { description, configuration: document.toString("utf8") };
}

/** A configuration is named after its digest: `<digest>.json` or `blobs/sha256/<digest>`. Other names say nothing. */
function checkName(member: string, configuration: Buffer, archive: string): void {
  const claimed = posix.basename(member, ".json");
  const digest = createHash("sha256").update(configuration).digest("hex");
  if (/^[0-9a-f]{64}$/.test(claimed) && claimed !== digest)
    throw damagedArchive(archive, `is damaged: its "${member}" has the digest sha256:${digest}`);
}

import type { Image, ImageRemoval } from "../../api/image.js";
import { familiarImageName } from "../../contracts/image-name.js";
import type { ImageTable } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

export interface ImageUse {
  /** Name of a container that was made from the image. */
  readonly users: (imageId: string) => { readonly name: string; readonly isActive: boolean } | undefined;
}

/**
 * Takes what `ref` names from an image: a name, the digest of a registry, or by its id the image. Returns what is left, in the
 * caller's transaction; without names and digests the row is gone. Throws `conflict`.
 */
export function takeName(
  images: ImageTable,
  ref: string,
  { users, force = false }: ImageUse & ImageRemoval,
): { readonly left: Image; readonly isGone: boolean } {
  const image = images.resolve(ref);
  const name = familiarImageName(ref);
  const { names, digests = [] } = image;
  const isName = names.includes(name);
  const digest = ref.includes("@") ? digestOf(ref, digests) : undefined;
  const isWhole = !isName && digest === undefined;
  if (isWhole && names.length > 1 && !force) throw severalNames(ref, image);
  const kept = isWhole ? [] : withoutName(digests, names, digest ?? name);
  const left = {
    ...image,
    names: isWhole ? [] : without(names, name),
    ...(digests.length === 0 ? {} : { digests: kept }),
  };
  if (left.names.length > 0 || (digest !== undefined && kept.length > 0)) {
    images.put(left);
    return { left, isGone: false };
  }
  const user = users(image.id);
  if (user !== undefined && (user.isActive || !force)) throw inUse(ref, user.name);
  images.delete(image.id);
  return { left, isGone: true };
}

function digestOf(ref: string, digests: readonly string[]): string | undefined {
  const [name = "", digest] = ref.split("@", 2);
  const wanted = `${repositoryOf(familiarImageName(name))}@${digest}`;
  return digests.find((one) => one === wanted);
}

/** What a registry calls an image goes by itself, or with the last name of that repository. */
function withoutName(digests: readonly string[], names: readonly string[], gone: string): readonly string[] {
  if (gone.includes("@")) return without(digests, gone);
  const repository = repositoryOf(gone);
  const isLast = !without(names, gone).some((other) => repositoryOf(other) === repository);
  return isLast ? digests.filter((digest) => !digest.startsWith(`${repository}@`)) : digests;
}

function without(list: readonly string[], item: string): readonly string[] {
  return list.filter((other) => other !== item);
}

function repositoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf(":"));
}

function severalNames(ref: string, image: Image): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IMAGE_SEVERAL_NAMES",
    message: `image ${ref} has several names: ${image.names.join(", ")}`,
    hint: "Remove it by name, one after the other, or all of them with --force.",
    details: { id: image.id, names: image.names },
  });
}

function inUse(ref: string, container: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IMAGE_IN_USE",
    message: `image ${ref} is used by container ${container}`,
    hint: `Remove the container first: tsd rm ${container}.`,
    details: { image: ref, container },
  });
}

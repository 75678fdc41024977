import type { Image, ImageDetails, ImageHistoryEntry } from "../api/index.js";
import { imageInspect } from "./image-inspect.js";
import { goMap } from "./template/go-map.js";

type Json = Readonly<Record<string, unknown>>;

const NAMELESS = "<none>:<none>";

/** An image in docker's list (Engine API, `ImageSummary`). `minor` is of the API's version 1.x. */
export function imageSummary(image: Image, minor: number): Json {
  const { config, created, digests = [], id, names, size } = image;
  const isNameless = names.length === 0 && digests.length === 0 && minor < 43;
  return {
    Id: `sha256:${id}`,
    ParentId: "",
    RepoTags: isNameless ? [NAMELESS] : names,
    RepoDigests: isNameless ? [NAMELESS.replace(":", "@")] : digests,
    Created: seconds(created),
    Size: size,
    ...virtualSize(size, minor),
    // Not counted, as docker says it.
    SharedSize: -1,
    Containers: -1,
    Labels: goMap(config.labels),
  };
}

/** An image by itself, with what clients of an older API read. */
export function imageForApi(details: ImageDetails, minor: number): Json {
  const shown = imageInspect(details);
  const { size } = details.image;
  return {
    ...shown,
    Parent: "",
    ...virtualSize(size, minor),
    // docker-compose 1 looks for volumes here, whichever API it speaks.
    ContainerConfig: shown.Config,
    GraphDriver: { Name: "overlay", Data: null },
  };
}

/** Newest first; only the newest step has the image's id and its names. */
export function imageHistory(entries: readonly ImageHistoryEntry[], { id, names }: Image): readonly Json[] {
  return entries.map(({ comment, created, createdBy, size }, at) => ({
    Id: at === 0 ? `sha256:${id}` : "<missing>",
    Created: created === undefined ? 0 : seconds(created),
    CreatedBy: createdBy,
    Tags: at === 0 && names.length > 0 ? names : null,
    Size: size,
    Comment: comment,
  }));
}

/** docker has said the same twice. */
function virtualSize(size: number, minor: number): Json {
  return minor < 44 ? { VirtualSize: size } : {};
}

function seconds(time: string): number {
  const at = Date.parse(time);
  return Number.isNaN(at) ? 0 : Math.floor(at / 1000);
}

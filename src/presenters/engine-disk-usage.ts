import type { ContainerDetails, DiskUsage, ImageUsage } from "../api/index.js";
import { containerSummary } from "./container-summary.js";
import { imageSummary } from "./image-summary.js";
import { volumeFields } from "./volume-inspect.js";

type Json = Readonly<Record<string, unknown>>;

/** docker's words for what is counted. */
export const usageTypes = ["image", "container", "volume", "build-cache"] as const;

export type UsageType = (typeof usageTypes)[number];

interface Shown {
  readonly types: readonly UsageType[];
  /** Of the API's version 1.x. */
  readonly minor: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is on the disk as docker's API shows it (`SystemDataUsage`), of the containers that `details` knows. */
export function engineDiskUsage(
  usage: DiskUsage,
  details: ReadonlyMap<string, ContainerDetails>,
  { types, minor, now }: Shown,
): Json {
  const isShown = (type: UsageType): boolean => types.includes(type);
  return {
    ...(isShown("image")
      ? { LayersSize: usage.layers, Images: usage.images.map((image) => imageUsage(image, minor)) }
      : {}),
    ...(isShown("container")
      ? {
          Containers: usage.containers.flatMap(({ container, size }) => {
            const known = details.get(container.id);
            return known === undefined ? [] : [containerSummary(known, now, size)];
          }),
        }
      : {}),
    ...(isShown("volume") ? { Volumes: usage.volumes.map(volumeUsage) } : {}),
    ...(isShown("build-cache") ? { BuildCache: [], ...(minor < 42 ? { BuilderSize: 0 } : {}) } : {}),
  };
}

function imageUsage({ image, size, shared, users }: ImageUsage, minor: number): Json {
  return { ...imageSummary({ ...image, size }, minor), SharedSize: shared, Containers: users };
}

function volumeUsage({ volume, users, size }: DiskUsage["volumes"][number]): Json {
  return { ...volumeFields(volume), UsageData: { RefCount: users, Size: size } };
}

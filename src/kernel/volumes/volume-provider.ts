import type { VolumeDirectory, VolumePart } from "../../api/file-resource.js";
import type { Drift, Provider } from "../../api/provider.js";
import { describeVolume, ensureVolume, inspectVolume, removeVolume } from "./volume-directory.js";
import { describePart, ensurePart, inspectPart, removePart } from "./volume-part.js";

type VolumeResource = VolumeDirectory | VolumePart;

/** Data of containers, and what of it is mounted by itself. */
export class VolumeProvider implements Provider<"volume" | "volume part"> {
  readonly kinds = ["volume", "volume part"] as const;

  async ensure(resources: readonly VolumeResource[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "volume") await ensureVolume(resource);
      else ensurePart(resource);
    }
  }

  async remove(resources: readonly VolumeResource[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "volume") await removeVolume(resource);
      else removePart(resource);
    }
  }

  async inspect(resources: readonly VolumeResource[]): Promise<readonly Drift[]> {
    return resources.flatMap(
      (resource) => (resource.kind === "volume" ? inspectVolume(resource) : inspectPart(resource)) ?? [],
    );
  }

  async describe(verb: "ensure" | "remove", resources: readonly VolumeResource[]): Promise<readonly string[]> {
    return resources.map((resource) =>
      resource.kind === "volume" ? describeVolume(verb, resource) : describePart(verb, resource),
    );
  }
}

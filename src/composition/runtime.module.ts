import { tmpdir } from "node:os";
import { ContainerModule } from "inversify";
import type { ContainerStatus, OnStep } from "../api/index.js";
import type { ImageTable } from "../contracts/index.js";
import { SettingsSource } from "../engine/settings/settings-source.js";
import { imageDirectory } from "../runtime/images/layer-path.js";
import type { Layers } from "../runtime/images/layer-store.js";
import { tokens } from "./tokens.js";

export const runtimeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Runtime).toDynamicValue(async (context) => {
    const { root, run, runtime, exitCommand } = context.get(tokens.Settings);
    const { OciRuntime } = await import("../runtime/oci-runtime.js");
    return new OciRuntime({
      runDir: `${run}/containers`,
      logDir: `${root}/logs`,
      exitCommand,
      ...(runtime === undefined ? {} : { runtime }),
    });
  });
  bind(tokens.Files).toDynamicValue(async () => new (await import("../runtime/files/local-files.js")).LocalFiles());
  bind(tokens.Images).toDynamicValue(async (context) => {
    const { root, dryRun, version, credentials, config } = context.get(tokens.Settings);
    const store = await context.getAsync(tokens.Store);
    const { LocalImages } = await import("../runtime/images/local-images.js");
    const directory = imageDirectory(root);
    return new LocalImages({
      directory,
      images: store.images,
      transaction: (work) => store.transaction(work),
      users: (imageId) => {
        const of = store.containers.list().filter(({ container }) => container.imageId === imageId);
        const active = of.find(({ container }) => !isEnded(container.status));
        const name = (active ?? of[0])?.container.name;
        return name === undefined ? undefined : { name, isActive: active !== undefined };
      },
      containerLayers: () => store.containers.list().flatMap(({ container }) => container.layers),
      registry: {
        credentials,
        userAgent: `tsd/${version}`,
        settings: () => new SettingsSource(store, config).read().registries ?? {},
      },
      architecture: process.arch,
      now: () => new Date(),
      ...(dryRun === undefined ? {} : await plannedParts(directory, store.images, dryRun)),
    });
  });
});

function isEnded(status: ContainerStatus): boolean {
  return status === "created" || status === "exited";
}

async function plannedParts(
  directory: string,
  images: ImageTable,
  tell: OnStep,
): Promise<{ readonly layers: Layers; readonly images: ImageTable }> {
  const { LayerStore } = await import("../runtime/images/layer-store.js");
  const { PlannedLayers } = await import("../runtime/images/planned-layers.js");
  const { PlannedImageTable } = await import("../engine/dry-run/planned-image-table.js");
  return {
    layers: new PlannedLayers(directory, tmpdir(), new LayerStore(directory), tell),
    images: new PlannedImageTable(images, tell),
  };
}

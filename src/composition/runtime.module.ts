import { ContainerModule } from "inversify";
import type { Store } from "../api/index.js";
import { imageDirectory } from "../runtime/images/layer-path.js";
import { type Settings, tokens } from "./tokens.js";

export const runtimeModule = new ContainerModule(({ bind }) => {
  bind(tokens.Runtime).toDynamicValue(async (context) => {
    const { root, run, runtime, exitCommand } = context.get<Settings>(tokens.Settings);
    const { OciRuntime } = await import("../runtime/oci-runtime.js");
    return new OciRuntime({
      runDir: `${run}/containers`,
      logDir: `${root}/logs`,
      exitCommand,
      ...(runtime === undefined ? {} : { runtime }),
    });
  });
  bind(tokens.Images).toDynamicValue(async (context) => {
    const { root } = context.get<Settings>(tokens.Settings);
    const store = await context.getAsync<Store>(tokens.Store);
    const { LocalImages } = await import("../runtime/images/local-images.js");
    return new LocalImages({
      directory: imageDirectory(root),
      images: store.images,
      transaction: (work) => store.transaction(work),
      users: (imageId) =>
        store.containers.list().find(({ container }) => container.imageId === imageId)?.container.name,
      architecture: process.arch,
      now: () => new Date(),
    });
  });
});

import type { Image } from "../api/index.js";

/** An image as `docker inspect` shows it (Engine API, `ImageInspect`). */
export function imageInspect(image: Image): Readonly<Record<string, unknown>> {
  const { config } = image;
  return {
    Id: `sha256:${image.id}`,
    RepoTags: image.names,
    Created: image.created,
    Os: "linux",
    Size: image.size,
    Config: {
      User: config.user ?? "",
      ExposedPorts: Object.fromEntries(config.exposedPorts.map((port) => [port, {}])),
      Env: config.env,
      Entrypoint: config.entrypoint,
      Cmd: config.command,
      WorkingDir: config.workdir ?? "",
      Labels: config.labels ?? {},
      StopSignal: config.stopSignal ?? "",
    },
    RootFS: { Type: "layers", Layers: image.layers.map((layer) => `sha256:${layer}`) },
  };
}

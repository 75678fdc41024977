import type { ImageDetails } from "../api/index.js";

type Json = Readonly<Record<string, unknown>>;

/** An image as `docker inspect` shows it (Engine API, `ImageInspect`). */
export function imageInspect({ image, configuration = {} }: ImageDetails): Json {
  const { config, layers } = image;
  const written = objectAt(configuration, "config");
  const diffIds = objectAt(configuration, "rootfs").diff_ids;
  return {
    Id: `sha256:${image.id}`,
    RepoTags: image.names,
    RepoDigests: image.digests ?? [],
    Comment: lastComment(configuration),
    Created: image.created,
    Author: textAt(configuration, "author"),
    Architecture: textAt(configuration, "architecture"),
    ...(configuration.variant ? { Variant: textAt(configuration, "variant") } : {}),
    Os: textAt(configuration, "os") || "linux",
    Size: image.size,
    Config: {
      ...written,
      User: config.user ?? "",
      ExposedPorts: Object.fromEntries(config.exposedPorts.map((port) => [port, {}])),
      Env: config.env,
      Entrypoint: config.entrypoint,
      Cmd: config.command,
      WorkingDir: config.workdir ?? "",
      Labels: config.labels ?? {},
      StopSignal: config.stopSignal ?? "",
    },
    RootFS: { Type: "layers", Layers: diffIds ?? layers.map((layer) => `sha256:${layer}`) },
  };
}

function objectAt(object: Json, key: string): Json {
  const value = object[key];
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function textAt(object: Json, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

/** docker's place for the comment of an image is its last step. */
function lastComment(configuration: Json): string {
  const { history } = configuration;
  const last: unknown = Array.isArray(history) ? history.at(-1) : undefined;
  return typeof last === "object" && last !== null ? textAt(last as Json, "comment") : "";
}

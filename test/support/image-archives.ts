import { buildTar, digestOf, type TarMember } from "./tar-builder.js";

/** An image to save: layers as uncompressed tars, lowest first. */
export interface SavedImage {
  readonly layers: readonly Buffer[];
  readonly names?: readonly string[];
  /** The `config` part of the image configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly created?: string;
  readonly architecture?: string;
  /** What the configuration says of the layers; default the truth. */
  readonly diffIds?: readonly string[];
  /** How layers are stored; default as they are. */
  readonly compress?: (layer: Buffer) => Buffer;
}

/** A `docker save` archive: before version 25 with `<id>/layer.tar`, afterwards an OCI layout with a manifest.json. */
export function buildDockerArchive(images: readonly SavedImage[], layout: "legacy" | "hybrid" = "legacy"): Buffer {
  const members: TarMember[] = [];
  const manifest = images.map((image, at) => {
    const config = configOf(image);
    const configName = layout === "legacy" ? `${hex(config)}.json` : `blobs/sha256/${hex(config)}`;
    members.push({ name: configName, data: config });
    const layers = image.layers.map((layer, number) => {
      const data = image.compress?.(layer) ?? layer;
      const name = layout === "legacy" ? `${at}-${number}/layer.tar` : `blobs/sha256/${hex(data)}`;
      members.push({ name, data });
      return name;
    });
    return { Config: configName, RepoTags: image.names ?? null, Layers: layers };
  });
  if (layout === "hybrid") members.push({ name: "oci-layout", data: '{"imageLayoutVersion":"1.0.0"}' });
  return buildTar([...members, { name: "manifest.json", data: JSON.stringify(manifest) }]);
}

/** An OCI image layout; images of one group share an index of their own, as those of several platforms do. */
export function buildOciLayout(groups: readonly (readonly SavedImage[])[]): Buffer {
  const blobs = new Map<string, Buffer>();
  const add = (data: Buffer): { digest: string; size: number } => {
    blobs.set(hex(data), data);
    return { digest: digestOf(data), size: data.length };
  };
  const describe = (image: SavedImage): object => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    ...add(manifestOf(image, add)),
    ...(image.architecture === undefined ? {} : { platform: { os: "linux", architecture: image.architecture } }),
  });
  const manifests = groups.map((group) => {
    const name = group[0]?.names?.[0];
    const annotations = name === undefined ? {} : { annotations: { "org.opencontainers.image.ref.name": name } };
    if (group.length === 1 && group[0] !== undefined) return { ...describe(group[0]), ...annotations };
    const index = json({ schemaVersion: 2, manifests: group.map(describe) });
    return { mediaType: "application/vnd.oci.image.index.v1+json", ...add(index), ...annotations };
  });
  return buildTar([
    { name: "oci-layout", data: '{"imageLayoutVersion":"1.0.0"}' },
    { name: "index.json", data: json({ schemaVersion: 2, manifests }) },
    ...[...blobs].map(([digest, data]) => ({ name: `blobs/sha256/${digest}`, data })),
  ]);
}

function manifestOf(image: SavedImage, add: (data: Buffer) => object): Buffer {
  return json({
    schemaVersion: 2,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...add(configOf(image)) },
    layers: image.layers.map((layer) => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      ...add(image.compress?.(layer) ?? layer),
    })),
  });
}

function configOf(image: SavedImage): Buffer {
  return json({
    created: image.created ?? "2024-01-02T03:04:05Z",
    architecture: image.architecture ?? "amd64",
    os: "linux",
    config: image.config ?? {},
    rootfs: { type: "layers", diff_ids: image.diffIds ?? image.layers.map(digestOf) },
  });
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function hex(data: Buffer): string {
  return digestOf(data).slice("sha256:".length);
}

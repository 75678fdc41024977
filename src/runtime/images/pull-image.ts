import type { LayerProgress, PulledImage, PullOptions, RegistryCredentials } from "../../api/image.js";
import type { ImageTable } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type Blob, fetchBlob } from "../../registry/blob.js";
import type { CredentialSource } from "../../registry/credentials.js";
import { Registry, type RegistryOptions } from "../../registry/registry.js";
import { addressesOf, type RegistrySettings } from "../../registry/registry-address.js";
import type { ImageKeeper } from "./image-keeper.js";
import { type ImageReference, parseImageReference } from "./image-reference.js";
import type { StagedLayer } from "./layer-store.js";
import { type Platform, parsePlatform } from "./platform.js";
import { type RemoteImage, readRemoteImage } from "./remote-image.js";
import type { Layer } from "./unpack-layer.js";

export interface PullParts extends RegistryOptions {
  readonly keeper: ImageKeeper;
  readonly images: ImageTable;
  /** Go's name of the machine's processor. */
  readonly architecture: string;
  readonly registries: () => RegistrySettings;
}

/** Layers that are fetched and unpacked at a time, as docker's. */
const AT_A_TIME = 3;

/** An image that was found, and where. */
interface Found {
  readonly reference: ImageReference;
  readonly registry: Registry;
  readonly remote: RemoteImage;
}

type Note = (progress: LayerProgress) => void;

/** See {@link Images.pull}. */
export async function pullImage(
  parts: PullParts,
  text: string,
  { platform, onFound, onProgress = () => undefined, credentials, signal }: PullOptions,
): Promise<PulledImage> {
  const reference = parseImageReference(text);
  const wanted = platform === undefined ? { os: "linux", architecture: parts.architecture } : parsePlatform(platform);
  const given = credentials === undefined ? {} : { credentials: sourceOf(reference.host, credentials) };
  const found = await find({ ...parts, ...given }, reference, wanted);
  using _ = found.registry;
  onFound?.(reference.full);
  return await keep(parts, found, (progress) => {
    if (signal?.aborted) throw left(reference.full);
    onProgress(progress);
  });
}

function left(reference: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_PULL_LEFT",
    message: `the pull of ${reference} was given up before its end`,
    hint: "Pull it again.",
    details: { reference },
  });
}

function sourceOf(host: string, credentials: RegistryCredentials | "none"): CredentialSource {
  return { environment: {}, ...(credentials === "none" ? {} : { given: { host, ...credentials } }) };
}

/** Asks the mirrors, then the registry itself, whose failure is the user's to see. */
async function find(parts: PullParts, reference: ImageReference, wanted: Platform): Promise<Found> {
  const addresses = addressesOf(reference.host, parts.registries());
  for (const [at, address] of addresses.entries()) {
    let registry: Registry | undefined;
    try {
      registry = await Registry.open(address, reference.repository, parts);
      return { reference, registry, remote: await readRemoteImage(registry, reference, wanted) };
    } catch (error) {
      registry?.[Symbol.dispose]();
      if (at === addresses.length - 1) throw error;
    }
  }
  throw new Error("a registry has one address at least");
}

async function keep(parts: PullParts, { reference, registry, remote }: Found, onProgress: Note): Promise<PulledImage> {
  const { keeper, images } = parts;
  const { description, configuration, digest } = remote;
  return await keeper.prepare(async (staging) => {
    const { layers, staged } = await stageMissing(keeper, { registry, remote, staging, onProgress });
    const names = reference.name === undefined ? [] : [reference.name];
    const digests = [`${reference.familiar}@${digest}`];
    const before = images.get(description.id);
    const isNew = before === undefined || !names.every((name) => before.names.includes(name));
    await keeper.keep([keeper.make({ description, configuration, names, digests }, layers)], staged);
    const image = images.resolve(description.id);
    return { image, reference: reference.full, digest, isNew };
  });
}

interface Staging extends Pick<Found, "registry" | "remote"> {
  readonly staging: string;
  readonly onProgress: Note;
}

/** Fetches and unpacks the layers that are not here, several at a time; the first failure ends all. */
async function stageMissing(
  { layers: store }: ImageKeeper,
  { registry, remote, staging, onProgress }: Staging,
): Promise<{ readonly layers: ReadonlyMap<string, Layer>; readonly staged: readonly StagedLayer[] }> {
  const layers = new Map<string, Layer>();
  const staged: StagedLayer[] = [];
  const missing = new Map<string, Blob>();
  for (const [at, diffId] of remote.description.diffIds.entries()) {
    const blob = remote.layers[at];
    if (blob === undefined || missing.has(diffId)) continue;
    const known = await store.find(diffId);
    if (known === undefined) missing.set(diffId, blob);
    else layers.set(diffId, known);
    onProgress(progressOf(blob, known === undefined ? "waiting" : "exists", 0));
  }
  const queue = [...missing];
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && failure === undefined; next = queue.shift()) {
      const [diffId, blob] = next;
      const layer = await fetchLayer(blob, diffId);
      staged.push(layer);
      layers.set(diffId, layer);
      onProgress(progressOf(blob, "complete", blob.size));
    }
  };
  const fetchLayer = (blob: Blob, diffId: string): Promise<StagedLayer> => {
    const fetch = async (file: Parameters<typeof fetchBlob>[2]): Promise<void> => {
      await fetchBlob(registry, blob, file, (done) => {
        if (failure !== undefined) throw failure.error;
        onProgress(progressOf(blob, "downloading", done));
      });
      onProgress(progressOf(blob, "downloaded", blob.size));
    };
    const archive = `layer ${blob.digest} of registry ${registry.host}`;
    return store.fetch({ diffId, size: blob.size, archive, fetch }, staging, diffId);
  };
  const noteFailure = (error: unknown): void => {
    failure ??= { error };
  };
  // All of them end before the staging directory goes.
  await Promise.all(Array.from({ length: AT_A_TIME }, () => work().catch(noteFailure)));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return { layers, staged };
}

function progressOf({ digest, size }: Blob, status: LayerProgress["status"], done: number): LayerProgress {
  return { layer: digest.slice("sha256:".length).slice(0, 12), status, done, total: size };
}

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "@jest/globals";
import type { Image } from "../../src/api/image.js";
import type { CredentialSource } from "../../src/registry/credentials.js";
import type { RegistrySettings } from "../../src/registry/registry-address.js";
import type { Timing } from "../../src/registry/timing.js";
import { layerPath } from "../../src/runtime/images/layer-path.js";
import { LocalImages } from "../../src/runtime/images/local-images.js";
import { openStore } from "../../src/store/open-store.js";

/** An image store of a test's own, with a directory for archives beside it. */
export class ImageLab {
  readonly world = mkdtempSync(join(tmpdir(), "tsd-images-"));
  readonly store = join(this.world, "images");
  /** The container that uses every image. */
  user: string | undefined;
  /** How registries are reached. */
  readonly registry: {
    credentials: CredentialSource;
    userAgent: string;
    timing?: Timing;
    settings: () => RegistrySettings;
  } = { credentials: { environment: {} }, userAgent: "tsd/test", settings: () => ({}) };
  readonly state = openStore(join(this.world, "state.db"), { tsdVersion: "0.0.0" });
  readonly images = new LocalImages({
    directory: this.store,
    images: this.state.images,
    transaction: (work) => this.state.transaction(work),
    users: () => (this.user === undefined ? undefined : { name: this.user, isActive: false }),
    containerLayers: () => [],
    registry: this.registry,
    architecture: "x64",
    now: () => new Date("2025-06-07T08:09:10Z"),
  });

  /** Writes an archive and returns its path. */
  write(archive: Buffer): string {
    const path = join(this.world, "archive.tar");
    writeFileSync(path, archive);
    return path;
  }

  async loadOne(archive: Buffer): Promise<Image> {
    const [image, ...more] = await this.images.load({ from: this.write(archive) });
    expect(more).toEqual([]);
    if (image === undefined) throw new Error("the archive holds no image");
    return image;
  }

  /** A file as a container would see it: that of the topmost layer which has it. */
  read(image: Image, path: string): string {
    const layer = image.layers.findLast((diffId) => existsSync(join(layerPath(this.store, diffId), path)));
    return readFileSync(join(layerPath(this.store, layer ?? ""), path), "utf8");
  }

  /** Names of the layers' directories, sorted. */
  layers(): readonly string[] {
    return existsSync(this.store) ? readdirSync(join(this.store, "layers")).sort() : [];
  }

  expectNothingUnfinished(): void {
    if (existsSync(this.store)) expect(readdirSync(join(this.store, "work"))).toEqual([]);
  }
}

/** Gives each test of the calling file a lab, and removes it. */
export function useImageLab(): () => ImageLab {
  let lab: ImageLab;
  beforeEach(() => {
    lab = new ImageLab();
  });
  afterEach(() => {
    lab.state.close();
    rmSync(lab.world, { recursive: true, force: true });
  });
  return () => lab;
}

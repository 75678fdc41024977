import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import type { Step } from "../../../src/api/step.js";
import { LayerStore } from "../../../src/runtime/images/layer-store.js";
import { LocalImages } from "../../../src/runtime/images/local-images.js";
import { PlannedLayers } from "../../../src/runtime/images/planned-layers.js";
import { buildDockerArchive } from "../../support/image-archives.js";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, digestOf } from "../../support/tar-builder.js";

const lab = useImageLab();
const layer = buildTar([{ name: "etc/motd", data: "hello" }]);
const archive = buildDockerArchive([{ layers: [layer], names: ["app:1"], config: { Cmd: ["app"] } }]);

/** Images as a dry run has them, and what it reports. */
function plan(): { readonly images: LocalImages; readonly told: Step[] } {
  const told: Step[] = [];
  const { store, state, world } = lab();
  const layers = new PlannedLayers(store, world, new LayerStore(store), (step) => told.push(step));
  const images = new LocalImages({
    ...{ directory: store, images: state.images, layers, users: () => undefined, architecture: "x64" },
    ...{
      containerLayers: () => [],
      registry: { credentials: { environment: {} }, userAgent: "", settings: () => ({}) },
    },
    transaction: (work) => state.transaction(work),
    now: () => new Date("2025-06-07T08:09:10Z"),
  });
  return { images, told };
}

test("a load that is only planned returns and reports what a real one does, and unpacks nothing", async () => {
  const { images, told } = plan();
  const [planned] = await images.load({ from: lab().write(gzipSync(archive)) });
  expect(told).toMatchObject([{ verb: "run", what: `unpack layer ${digestOf(layer)}` }]);
  expect(lab().layers()).toEqual([]);
  await images.remove("app:1");
  expect(await lab().loadOne(archive)).toEqual(planned);
});

test("a planned load refuses what a real one refuses", async () => {
  const other = buildTar([{ name: "etc/motd", data: "bye" }]);
  const [at, to] = [archive.indexOf(layer), Buffer.from(archive)];
  other.copy(to, at);
  const failures = await Promise.all(
    [plan().images, lab().images].map((images) => images.load({ from: lab().write(to) }).catch((error) => error)),
  );
  expect(failures[0]).toMatchObject({ code: "TSD_IMAGE_DIGEST_MISMATCH" });
  expect(failures[0].message).toBe(failures[1].message);
});

test("a planned load that ends in its middle has no file to leave", async () => {
  const before = readdirSync(lab().world);
  let during: readonly string[] = [];
  async function* cut(): AsyncGenerator<Buffer> {
    const zipped = gzipSync(archive);
    yield zipped.subarray(0, zipped.length - 4);
    during = readdirSync(lab().world);
  }
  await expect(plan().images.load({ from: Readable.from(cut()) })).rejects.toMatchObject({ kind: "invalid-input" });
  expect(during).toEqual(before);
});

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startOf } from "../../../src/kernel/process-identity.js";
import { layerSweeper } from "../../../src/runtime/images/orphan-layers.js";
import { buildDockerArchive } from "../../support/image-archives.js";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, digestOf } from "../../support/tar-builder.js";

const lab = useImageLab();
const layer = buildTar([{ name: "bin/", type: "5" }]);
const digest = digestOf(layer).slice(7);

const load = () => lab().images.load({ from: lab().write(buildDockerArchive([{ layers: [layer], names: ["a"] }])) });
const used = () =>
  lab()
    .images.list()
    .flatMap(({ layers }) => layers);

test("layers without an image and what crashed processes staged are orphans, and go", async () => {
  await load();
  mkdirSync(join(lab().store, "layers", "0123456789abcdef"));
  const staging = join(lab().store, "work", "999999.1.abcdef");
  mkdirSync(staging, { recursive: true });
  const sweeper = layerSweeper(lab().store, used);
  const orphans = await sweeper.orphans(() => []);
  expect(orphans.map(({ kind, what }) => [kind, what])).toEqual([
    ["layer", "0123456789abcdef"],
    ["staging", staging],
  ]);
  await sweeper.sweep(orphans);
  expect(lab().layers()).toEqual([digest.slice(0, 16)]);
  expect(readdirSync(join(lab().store, "work"))).toEqual([]);
});

test("while a process is at work, whose images come after their layers, no layer is one", async () => {
  await load();
  const sweeper = layerSweeper(lab().store, () => []);
  const busy = join(lab().store, "work", `${process.pid}.${startOf(process.pid)}.abcdef`);
  mkdirSync(busy, { recursive: true });
  expect(await sweeper.orphans(() => [])).toEqual([]);
  await sweeper.sweep([{ kind: "layer", what: digest.slice(0, 16), why: "" }]);
  expect(lab().layers()).toEqual([digest.slice(0, 16)]);
});

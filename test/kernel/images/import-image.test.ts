import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, digestOf } from "../../support/tar-builder.js";

const lab = useImageLab();
const base = buildTar([
  { name: "bin/", type: "5" },
  { name: "bin/sh", data: "#!", mode: 0o755 },
]);
const upper = buildTar([{ name: "bin/app", data: "app" }, { name: "bin/.wh.sh" }]);

describe("import", () => {
  test.each([
    ["plain", base],
    ["gzip", gzipSync(base)],
    ["zstd", zstdCompressSync(base)],
  ])("makes a one-layer image of a %s root file system", async (_how, archive) => {
    const image = await lab().images.import({ from: lab().write(archive) }, "busybox");
    expect(image).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      names: ["busybox:latest"],
      layers: [digestOf(base).slice(7)],
      config: { entrypoint: [], command: [], env: [], exposedPorts: [] },
      size: base.length,
      created: "2025-06-07T08:09:10.000Z",
    });
    expect(lab().images.list()).toEqual([image]);
    expect(lab().read(image, "bin/sh")).toBe("#!");
    lab().expectNothingUnfinished();
  });

  test("reads a stream, and reports its progress with and without a total", async () => {
    const seen: (readonly [number, number | undefined])[] = [];
    const onProgress = (done: number, total: number | undefined): void => void seen.push([done, total]);
    await lab().images.import({ from: Readable.from([base.subarray(0, 700), base.subarray(700)]), onProgress }, "a");
    expect(seen).toEqual([0, 700, base.length].map((done) => [done, undefined]));
    seen.length = 0;
    const packed = gzipSync(base);
    await lab().images.import({ from: lab().write(packed), onProgress }, "b");
    expect(seen).toEqual([0, packed.length].map((done) => [done, packed.length]));
  });

  test("a name moves to the image that took it last, and the earlier image stays without", async () => {
    const first = await lab().images.import({ from: lab().write(base) }, "app");
    const second = await lab().images.import({ from: lab().write(upper) }, "app");
    expect(lab().images.get("app")).toEqual(second);
    expect(lab().images.get(first.id).names).toEqual([]);
  });

  test.each([
    ["a file that does not exist", async () => join(lab().world, "none"), "not-found", "none does not exist"],
    ["a directory", async () => lab().world, "invalid-input", "is a directory"],
    ["an empty file", async () => lab().write(Buffer.alloc(0)), "invalid-input", "archive.tar is not a tar archive"],
    [
      "text",
      async () => lab().write(Buffer.from("no tar".repeat(200))),
      "invalid-input",
      "archive.tar is not a tar archive",
    ],
    ["a cut archive", async () => lab().write(base.subarray(0, 1200)), "invalid-input", "is cut short"],
    [
      "a cut gzip file",
      async () => lab().write(gzipSync(base).subarray(0, 80)),
      "invalid-input",
      "gzip data cannot be read",
    ],
    ["a cut stream", async () => Readable.from([base.subarray(0, 1200)]), "invalid-input", "the archive is cut short"],
  ])("refuses %s and leaves nothing", async (_what, from, kind, message) => {
    const importing = lab().images.import({ from: await from() }, "app");
    await expect(importing).rejects.toMatchObject({ kind });
    await expect(importing).rejects.toThrow(message);
    expect(lab().images.list()).toEqual([]);
    expect(lab().layers()).toEqual([]);
    lab().expectNothingUnfinished();
  });

  test("refuses a bad name before it reads anything", async () => {
    await expect(lab().images.import({ from: join(lab().world, "none") }, "Bad")).rejects.toMatchObject({
      code: "TSD_IMAGE_NAME_INVALID",
    });
  });
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { layerPath } from "../../../src/runtime/images/layer-path.js";
import { buildDockerArchive, buildOciLayout, type SavedImage } from "../../support/image-archives.js";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, digestOf, type TarMember } from "../../support/tar-builder.js";

const lab = useImageLab();
const base = buildTar([
  { name: "bin/", type: "5" },
  { name: "bin/sh", data: "#!", mode: 0o755 },
]);
const upper = buildTar([{ name: "bin/app", data: "app" }, { name: "bin/.wh.sh" }]);
const config = { Cmd: ["app"], Env: ["A=b"], WorkingDir: "/srv", ExposedPorts: { "80/tcp": {} }, User: "7" };

describe("load", () => {
  const saved: SavedImage = { layers: [base, upper], names: ["app:1", "docker.io/library/app:2"], config };
  const expected = {
    names: ["app:1", "app:2"],
    layers: [base, upper].map((layer) => digestOf(layer).slice(7)),
    config: { entrypoint: [], command: ["app"], env: ["A=b"], workdir: "/srv", user: "7", exposedPorts: ["80/tcp"] },
    size: base.length + upper.length,
    created: "2024-01-02T03:04:05Z",
  };

  test.each<[string, () => Buffer]>([
    ["docker, legacy", () => buildDockerArchive([saved])],
    ["docker, legacy, gzip", () => gzipSync(buildDockerArchive([saved]))],
    ["docker, with OCI blobs", () => buildDockerArchive([saved], "hybrid")],
    [
      "docker, with gzip layers",
      () => buildDockerArchive([{ ...saved, compress: (layer) => gzipSync(layer) }], "hybrid"),
    ],
  ])("reads %s", async (_layout, build) => {
    const image = await lab().loadOne(build());
    expect(image).toMatchObject(expected);
    expect(lab().images.list()).toEqual([image]);
    expect(lab().read(image, "bin/app")).toBe("app");
    expect(lab().layers()).toEqual(expected.layers.map((diffId) => diffId.slice(0, 16)).sort());
    lab().expectNothingUnfinished();
  });

  test.each<[string, (layer: Buffer) => Buffer]>([
    ["plain", (layer) => layer],
    ["gzip", (layer) => gzipSync(layer)],
    ["zstd", (layer) => zstdCompressSync(layer)],
  ])("reads an OCI layout with %s layers", async (_how, compress) => {
    const image = await lab().loadOne(buildOciLayout([[{ ...saved, compress }]]));
    expect(image).toMatchObject({ ...expected, names: ["app:1"] });
  });

  test("takes this machine's image out of an index of several", async () => {
    const forArm = { ...saved, architecture: "arm64", layers: [upper] };
    const forThis = { ...saved, architecture: "amd64" };
    const image = await lab().loadOne(buildOciLayout([[forArm, forThis]]));
    expect(image.layers).toEqual(expected.layers);
    const inDocker = lab().images.load({ from: lab().write(buildDockerArchive([forThis, forArm])) });
    await expect(inDocker).rejects.toMatchObject({
      message: expect.stringMatching(/ for linux\/amd64, but one for linux\/arm64$/),
    });
    const only = lab().images.load({ from: lab().write(buildOciLayout([[forArm]])) });
    await expect(only).rejects.toMatchObject({ kind: "unsupported", code: "TSD_IMAGE_PLATFORM" });
  });

  test("reads several images, sharing layers", async () => {
    const archive = buildDockerArchive([
      { layers: [base], names: ["base"] },
      { layers: [base, upper], names: ["app"] },
    ]);
    const loaded = await lab().images.load({ from: lab().write(archive) });
    expect(loaded.map(({ names }) => names)).toEqual([["base:latest"], ["app:latest"]]);
    expect(lab().layers()).toHaveLength(2);
  });

  test("counts a layer that comes twice once, where it stands highest", async () => {
    const image = await lab().loadOne(buildDockerArchive([{ layers: [base, upper, base] }]));
    expect(image.layers).toEqual([upper, base].map((layer) => digestOf(layer).slice(7)));
    expect(image.names).toEqual([]);
  });

  test.each<[string, TarMember]>([
    ["a symbolic link", { name: "two/layer.tar", type: "2", link: "../one/layer.tar" }],
    ["a hard link", { name: "two/layer.tar", type: "1", link: "one/layer.tar" }],
  ])("follows %s between layers of one archive, as old versions of docker write them", async (_what, link) => {
    const configuration = JSON.stringify({ rootfs: { diff_ids: [digestOf(base)] } });
    const manifest = JSON.stringify([{ Config: "c.json", Layers: ["two/layer.tar"] }]);
    const archive = buildTar([
      { name: "one/layer.tar", data: base },
      link,
      { name: "c.json", data: configuration },
      { name: "manifest.json", data: manifest },
    ]);
    const image = await lab().loadOne(archive);
    expect(lab().read(image, "bin/sh")).toBe("#!");
  });

  test("does not unpack again what is there, and the same image gains names", async () => {
    await lab().loadOne(buildDockerArchive([{ ...saved, names: ["one"] }]));
    const mark = join(layerPath(lab().store, expected.layers[0] ?? ""), "mark");
    writeFileSync(mark, "");
    const image = await lab().loadOne(buildDockerArchive([{ ...saved, names: ["two"] }]));
    expect(image.names).toEqual(["two:latest"]);
    expect(
      lab()
        .images.list()
        .map(({ names }) => names),
    ).toEqual([["one:latest", "two:latest"]]);
    expect(image.size).toBe(expected.size);
    expect(existsSync(mark)).toBe(true);
  });

  test("takes no layer for another whose digest begins alike", async () => {
    const image = await lab().loadOne(buildDockerArchive([{ layers: [upper], names: ["mine"] }]));
    const [diffId = ""] = image.layers;
    const alike = diffId.slice(0, 60) + (diffId.endsWith("0000") ? "1111" : "0000");
    const record = join(lab().store, "records", `${diffId.slice(0, 16)}.json`);
    writeFileSync(record, JSON.stringify({ diffId: alike, size: 1 }));
    const again = lab().images.load({ from: lab().write(buildDockerArchive([{ layers: [upper], names: ["other"] }])) });
    await expect(again).rejects.toMatchObject({ kind: "conflict", code: "TSD_IMAGE_LAYER_ALIKE" });
    expect(JSON.parse(readFileSync(record, "utf8"))).toEqual({ diffId: alike, size: 1 });
    lab().expectNothingUnfinished();
  });

  test("reads a stream, and progress of a file ends at its size", async () => {
    const archive = buildDockerArchive([saved]);
    await lab().images.load({ from: Readable.from([archive]) });
    const seen: number[] = [];
    await lab().images.load({
      from: lab().write(archive),
      onProgress: (done, total) => void seen.push(done / (total ?? 0)),
    });
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  test.each<[string, () => Buffer, RegExp]>([
    [
      "a layer that is not what the configuration says",
      () => buildDockerArchive([{ layers: [base, upper], diffIds: [digestOf(base), digestOf(Buffer.from("other"))] }]),
      /^layer "0-1\/layer\.tar" of .* has the digest sha256:[0-9a-f]{64}, but the image says sha256:[0-9a-f]{64}$/,
    ],
    [
      "too few layers",
      () => buildDockerArchive([{ layers: [base], diffIds: [] }]),
      /lists 1 layers for an image whose .* has 0/,
    ],
    [
      "a configuration that was changed",
      () => tamper(buildDockerArchive([saved]), '"app"]', '"bad"]'),
      /has the digest sha256:/,
    ],
    [
      "an OCI blob that was changed",
      () => tamper(buildOciLayout([[saved]]), '"app"]', '"bad"]'),
      /has the digest sha256:/,
    ],
    [
      "a digest of another kind",
      () => buildDockerArchive([{ layers: [base], diffIds: ["md5:0"] }]),
      /rootfs\.diff_ids\[0\] in ".*" is "md5:0", not a sha256 digest$/,
    ],
    ["a bad name", () => buildDockerArchive([{ ...saved, names: ["Bad"] }]), /"Bad" is not an image name/],
    ["a root file system", () => base, /not an image archive: it has neither manifest\.json nor index\.json$/],
    [
      "a manifest that is no JSON",
      () => buildTar([{ name: "manifest.json", data: "{" }]),
      /JSON documents cannot be read$/,
    ],
    [
      "a manifest of nothing",
      () => buildTar([{ name: "manifest.json", data: "[]" }]),
      /has no image: its manifest\.json names none$/,
    ],
    [
      "a manifest that is no list",
      () => buildTar([{ name: "manifest.json", data: "{}" }]),
      /the whole in "manifest\.json" is an object, not a list$/,
    ],
    [
      "a manifest whose layers are none",
      () =>
        buildTar([
          { name: "c", data: "{}" },
          { name: "manifest.json", data: '[{"Config":"c","Layers":[7]}]' },
        ]),
      /\[0\]\.Layers\[0\] in "manifest\.json" is a number, not a string$/,
    ],
    [
      "an index of nothing",
      () => buildTar([{ name: "index.json", data: "{}" }]),
      /has no image: its index\.json names none$/,
    ],
    [
      "a configuration of a wrong type",
      () => buildDockerArchive([{ layers: [base], config: { Cmd: "sh" } }]),
      /config\.Cmd in ".*\.json" is a string, not a list$/,
    ],
    [
      "a manifest that names what is not there",
      () => buildTar([{ name: "manifest.json", data: '[{"Config":"x"}]' }]),
      /lacks "x", which its manifest names$/,
    ],
    ...["/etc/passwd", "../../../../../../etc/passwd", "link"].map((path): [string, () => Buffer, RegExp] => [
      `a manifest that names ${path} of the machine`,
      () =>
        buildTar([
          { name: "link", type: "2", link: "/etc/passwd" },
          { name: "manifest.json", data: JSON.stringify([{ Config: path, Layers: [path] }]) },
        ]),
      /lacks ".*", which its manifest names$/,
    ]),
    [
      "a cut archive",
      () => buildDockerArchive([{ layers: [buildTar([{ name: "f", data: "x".repeat(9000) }])] }]).subarray(0, 6000),
      /(cut short|neither)/,
    ],
    [
      "a cut and compressed one",
      () => gzipSync(buildDockerArchive([saved])).subarray(0, 200),
      /gzip data cannot be read$/,
    ],
  ])("refuses %s and leaves nothing", async (_what, build, message) => {
    const loading = lab().images.load({ from: lab().write(build()) });
    await expect(loading).rejects.toMatchObject({ kind: "invalid-input", message: expect.stringMatching(message) });
    expect(lab().images.list()).toEqual([]);
    expect(lab().layers()).toEqual([]);
    lab().expectNothingUnfinished();
  });
});

function tamper(archive: Buffer, from: string, to: string): Buffer {
  const at = archive.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`cannot change ${from}`);
  archive.write(to, at);
  return archive;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { DOCKER_MANIFEST, readDockerArchive } from "../../../src/runtime/images/docker-archive.js";
import { ImageArchive } from "../../../src/runtime/images/image-archive.js";
import { mergePlans } from "../../../src/runtime/images/image-plan.js";
import { filterLayer, type Hidden } from "../../../src/runtime/images/layer-filter.js";
import { LayerStore } from "../../../src/runtime/images/layer-store.js";
import { limits } from "../../../src/runtime/images/limits.js";
import { readOciArchive } from "../../../src/runtime/images/oci-archive.js";
import { buildMember, buildTar, digestOf, type TarMember } from "../../support/tar-builder.js";

const directory = mkdtempSync(join(tmpdir(), "tsd-counts-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const times = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));

async function open(members: readonly TarMember[] | Buffer): Promise<ImageArchive> {
  const path = join(directory, "archive.tar");
  writeFileSync(path, Buffer.isBuffer(members) ? members : buildTar(members));
  return ImageArchive.open({ from: path }, directory);
}

/** A configuration of a megabyte: read for each mention, it would soon be more than all documents may be together. */
const big = json({ config: { Labels: { big: "x".repeat(1 << 20) } }, rootfs: { diff_ids: [] } });

describe("an image that is named thousands of times is read once, and keeps its names", () => {
  const count = limits.entries;
  const names = times(count, (at) => `app:${at}`);

  test("in a manifest of docker's", async () => {
    const manifest = names.map((name) => ({ Config: "c.json", RepoTags: [name, "app:same"], Layers: [] }));
    await using archive = await open([
      { name: "c.json", data: big },
      { name: DOCKER_MANIFEST, data: json(manifest) },
    ]);
    const [image, ...others] = mergePlans(await readDockerArchive(archive, "amd64"));
    expect(others).toEqual([]);
    expect(new Set(image?.names)).toEqual(new Set([...names, "app:same"]));
  });

  test("in an index", async () => {
    const manifest = json({ config: { digest: digestOf(big) }, layers: [] });
    const manifests = names.map((name) => ({
      digest: digestOf(manifest),
      annotations: { "org.opencontainers.image.ref.name": name },
    }));
    await using archive = await open([
      ...[big, manifest].map((data) => ({ name: `blobs/sha256/${digestOf(data).slice(7)}`, data })),
      { name: "index.json", data: json({ manifests }) },
    ]);
    const plans = mergePlans(await readOciArchive(archive, "amd64"));
    expect(plans.map((plan) => plan.names)).toEqual([names]);
  });
});

describe("more than that is refused with the count and the bound", () => {
  const refusal = (what: RegExp) => ({
    kind: "invalid-input",
    code: "TSD_IMAGE_TOO_MUCH",
    message: expect.stringMatching(what),
  });

  test("images", async () => {
    const manifest = times(limits.entries + 1, () => ({ Config: "c.json" }));
    await using archive = await open([{ name: DOCKER_MANIFEST, data: json(manifest) }]);
    await expect(readDockerArchive(archive, "amd64")).rejects.toMatchObject(
      refusal(/ has 4097 entries in the whole of "manifest\.json", and 4096 is the most$/),
    );
  });

  test("names", async () => {
    const manifest = [{ Config: "c.json", Layers: [], RepoTags: times(limits.entries + 1, (at) => `a:${at}`) }];
    await using archive = await open([
      { name: "c.json", data: "{}" },
      { name: DOCKER_MANIFEST, data: json(manifest) },
    ]);
    await expect(readDockerArchive(archive, "amd64")).rejects.toMatchObject(
      refusal(/ 4097 entries in \[0\]\.RepoTags of /),
    );
  });

  test("documents, of which each by itself is small enough", async () => {
    const count = limits.documents / (1 << 20) + 1;
    const configs = times(count, (at) => ({ name: `${at}.json`, data: big }));
    const manifest = json(times(count, (at) => ({ Config: `${at}.json`, Layers: [] })));
    await using archive = await open([...configs, { name: DOCKER_MANIFEST, data: manifest }]);
    await expect(readDockerArchive(archive, "amd64")).rejects.toMatchObject(
      refusal(/ bytes of JSON documents, and 67108864 /),
    );
  });

  test("members of the archive", async () => {
    const empty = buildMember({ name: "x" });
    const members = times(limits.members + 1, (at) => {
      const name = at.toString(16).padStart(8, "0");
      return buildMemberNamed(empty, name);
    });
    await expect(open(Buffer.concat([...members, Buffer.alloc(1024)]))).rejects.toMatchObject(
      refusal(/ 65537 members, and 65536 is the most$/),
    );
  });

  test("device nodes and hidden entries of a layer", async () => {
    const templates = [buildMember({ name: "x", type: "3" }), buildMember({ name: "x" })] as const;
    async function* layer(): AsyncGenerator<Buffer> {
      for (let at = 0; at <= limits.remembered; at += 1)
        yield at % 2 === 0 ? buildMemberNamed(templates[0], `node${at}`) : buildMemberNamed(templates[1], `.wh.${at}`);
      yield Buffer.alloc(1024);
    }
    const hidden: Hidden = { paths: [], contents: [] };
    const reading = (async () => {
      for await (const _ of filterLayer(layer(), { archive: "x.tar", hidden, needsEnd: true }));
    })();
    await expect(reading).rejects.toMatchObject(
      refusal(/ 65537 device nodes and hidden entries, and 65536 is the most$/),
    );
  });
});

describe("what no file needs is damage", () => {
  const read = async (archive: Buffer) => {
    async function* once(): AsyncGenerator<Buffer> {
      yield archive;
    }
    const hidden: Hidden = { paths: [], contents: [] };
    for await (const _ of filterLayer(once(), { archive: "x.tar", hidden, needsEnd: true }));
    return hidden;
  };
  const endless = Buffer.alloc(512, 1);
  test.each<[string, Buffer, RegExp]>([
    [
      "a path beyond PATH_MAX",
      buildTar([{ name: "n", pax: { path: "n/".repeat(2048) } }]),
      /has a name of 4096 bytes$/,
    ],
    [
      "a name beyond NAME_MAX",
      buildTar([{ name: "n", pax: { path: `d/${"n".repeat(256)}` } }]),
      /name of 256 bytes, and 255 is/,
    ],
    [
      "a hidden name beyond it",
      buildTar([{ name: "n", pax: { path: `.wh.${"n".repeat(252)}` } }]),
      /name of 256 bytes/,
    ],
    [
      "a sparse header that never ends",
      Buffer.concat([
        buildMember({ name: "s", type: "S", magic: "ustar  \0", continued: 1 }),
        ...times(3000, () => endless),
      ]),
      /a longer header than any file needs$/,
    ],
  ])("%s", async (_what, archive, why) => {
    await expect(read(archive)).rejects.toMatchObject({
      code: "TSD_IMAGE_ARCHIVE_DAMAGED",
      message: expect.stringMatching(why),
    });
  });
});

test("what is in use is asked twice, however many layers there are", async () => {
  const store = new LayerStore(directory);
  const layers = times(30, (at) => ({ diffId: at.toString(16).padStart(2, "0").repeat(32), size: 1 }));
  await store.prepare(async (staging) => {
    for (const layer of layers) {
      const place = join(staging, layer.diffId);
      mkdirSync(place);
      await store.place({ ...layer, directory: place });
    }
  });
  let asked = 0;
  const used = () => {
    asked += 1;
    return layers.slice(0, 3).map(({ diffId }) => diffId);
  };
  await store.removeUnused(used);
  expect(asked).toBe(2);
  const left = await Promise.all(layers.map(async ({ diffId }) => (await store.find(diffId)) !== undefined));
  expect(left).toEqual(layers.map((_, at) => at < 3));
});

/** A member of the same kind with a short name of its own; cheaper than to build each again. */
function buildMemberNamed(template: Buffer, name: string): Buffer {
  const member = Buffer.from(template);
  member.fill(0, 0, 100);
  member.write(name, 0);
  member.write("        ", 148);
  const sum = member.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  member.write(`${sum.toString(8).padStart(6, "0")}\0`, 148);
  return member;
}

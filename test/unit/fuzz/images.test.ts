import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import fc from "fast-check";
import { decompress, detectCompression } from "../../../src/runtime/images/decompress.js";
import { DOCKER_MANIFEST, readDockerArchive } from "../../../src/runtime/images/docker-archive.js";
import { ImageArchive } from "../../../src/runtime/images/image-archive.js";
import { describeImage } from "../../../src/runtime/images/image-config.js";
import { filterLayer, type Hidden } from "../../../src/runtime/images/layer-filter.js";
import { OCI_INDEX, readOciArchive } from "../../../src/runtime/images/oci-archive.js";
import { StreamBytes } from "../../../src/runtime/images/stream-bytes.js";
import { decodeHeader, decodePax } from "../../../src/runtime/images/tar-header.js";
import { TarReader } from "../../../src/runtime/images/tar-reader.js";
import { answerOrRefusal, answerOrRefusalOf, anyText, damaged, fuzz } from "../../support/fuzz.js";
import { buildDockerArchive, buildOciLayout } from "../../support/image-archives.js";
import { buildMember, buildTar, type TarMember } from "../../support/tar-builder.js";

const BLOCK = 512;
const name = fc.oneof(
  fc.constantFrom(
    "a",
    "./a/b",
    "/abs",
    "../up",
    "a/.wh.b",
    "d/.wh..wh..opq",
    ".wh.",
    ".wh...",
    "a/../b",
    "l",
    "\0x",
    "",
  ),
  anyText("./wh"),
);
const member: fc.Arbitrary<TarMember> = fc.record(
  {
    name,
    type: fc.constantFrom("0", "0", "1", "2", "3", "4", "5", "6", "7", "S", "x", "g", "L", "K", "Z"),
    data: fc.oneof(
      fc.constant(""),
      fc.string({ maxLength: 700 }),
      fc.constantFrom("9 path=x\n", "11 size=99\n", "20 GNU.sparse.name=y\n"),
    ),
    link: name,
    pax: fc.dictionary(
      fc.constantFrom("path", "linkpath", "size", "GNU.sparse.name", "GNU.sparse.major", "SCHILY.xattr.user.a"),
      fc.oneof(name, fc.constantFrom("0", "9007199254740991", "-1", "99999999999999999999", "1e3")),
      { maxKeys: 2 },
    ),
    gnuLongName: fc.boolean(),
  },
  { requiredKeys: ["name"] },
);
const members = fc.array(member, { maxLength: 5 });

/** Headers that keep their checksum, with other numbers in them than their data has. */
const forged = fc
  .tuple(member, fc.integer({ min: 100, max: 511 }), fc.uint8Array({ minLength: 1, maxLength: 12 }))
  .map(([one, at, bytes]) => {
    const archive = buildMember(one);
    const block = archive.subarray(0, BLOCK);
    block.set(bytes.subarray(0, BLOCK - at), at);
    block.write("        ", 148);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0`, 148);
    return archive;
  });
const tar = fc.oneof(
  members.map(buildTar),
  damaged(members.map(buildTar)),
  fc.array(forged, { minLength: 1, maxLength: 3 }).map((parts) => Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])),
);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Names and links of what a reader finds. */
async function readAll(archive: Buffer): Promise<readonly string[]> {
  const bytes = new StreamBytes(inPieces(archive, 700));
  const reader = new TarReader(bytes, "x.tar");
  const found: string[] = [];
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    expect(Number.isSafeInteger(entry.size) && entry.size >= 0).toBe(true);
    for await (const _ of bytes.pieces(Math.ceil(entry.size / BLOCK) * BLOCK));
    found.push(entry.name);
  }
  return found;
}

describe("tar", () => {
  fuzz(
    "tar: damaged archives",
    tar,
    async (archive) => {
      await answerOrRefusalOf(readAll(archive));
    },
    { share: 0.5 },
  );
  fuzz("tar: any headers", fc.uint8Array({ minLength: BLOCK, maxLength: BLOCK }), (block) => {
    decodeHeader(Buffer.from(block));
  });
  fuzz(
    "tar: any extended headers",
    damaged(fc.constantFrom("9 path=x\n", "30 mtime=1.5\n27 path=aaaaaaaaaa\n").map((text) => Buffer.from(text))),
    (body) => {
      const records = decodePax(body);
      for (const [key, value] of records ?? []) expect(key.length + value.length).toBeLessThan(body.length);
    },
  );
  fuzz(
    "layers: what passes the filter names nothing outside, no device, no whiteout",
    tar,
    async (archive) => {
      const hidden: Hidden = { paths: [], contents: [] };
      const passed = await answerOrRefusalOf(
        collect(filterLayer(inPieces(archive, 900), { archive: "x.tar", hidden, needsEnd: false })),
      );
      for (const path of [...hidden.paths, ...hidden.contents]) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
      if (passed === undefined) return;
      const bytes = new StreamBytes(inPieces(passed, 900));
      const reader = new TarReader(bytes, "x.tar");
      for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
        expect(entry.name.split("/")).not.toContain("..");
        expect(entry.type).toMatch(/^[01256S]$/);
        for await (const _ of bytes.pieces(Math.ceil(entry.size / BLOCK) * BLOCK));
      }
    },
    { share: 0.5 },
  );
});

describe("compression", () => {
  const zipped = fc
    .tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean())
    .map(([bytes, isGzip]) => (isGzip ? gzipSync(bytes) : zstdCompressSync(bytes)));
  fuzz(
    "gzip, zstd: damaged",
    damaged(zipped),
    async (bytes) => {
      const kind = detectCompression(bytes);
      if (kind === "xz" || kind === "bzip2") return;
      await answerOrRefusalOf(collect(decompress(inPieces(bytes, 50), "x.tar")));
    },
    { share: 0.5 },
  );
  fuzz(
    "gzip, zstd: what was compressed comes back",
    fc.uint8Array({ maxLength: 2000 }),
    async (bytes) => {
      expect(await collect(decompress(inPieces(gzipSync(bytes), 100), "x.tar"))).toEqual(Buffer.from(bytes));
    },
    { share: 0.25 },
  );
});

describe("archives of images", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tsd-fuzz-"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function read(archive: Buffer): Promise<void> {
    const path = join(directory, "archive.tar");
    writeFileSync(path, archive);
    await using opened = await ImageArchive.open({ from: path }, directory);
    const plans = opened.has(DOCKER_MANIFEST)
      ? await readDockerArchive(opened, "amd64")
      : await readOciArchive(opened, "amd64");
    for (const { description, layers } of plans) {
      expect(description.diffIds).toHaveLength(layers.length);
      for (const layer of layers) await collect(opened.stream(layer));
    }
  }

  const layer = buildTar([{ name: "f", data: "x" }]);
  const archive = fc.constantFrom(
    buildDockerArchive([{ layers: [layer], names: ["a:b"] }]),
    buildDockerArchive([{ layers: [layer] }], "hybrid"),
    buildOciLayout([[{ layers: [layer], architecture: "amd64" }]]),
  );
  fuzz(
    "docker and OCI archives: damaged",
    fc.oneof(damaged(archive), tar),
    async (bytes) => {
      await answerOrRefusalOf(read(bytes));
    },
    { share: 0.25 },
  );

  const path = fc.constantFrom("manifest.json", "../../etc/passwd", "/etc/shadow", "c.json", "", ".", "l");
  const manifest = fc.oneof(
    fc.jsonValue(),
    fc.array(
      fc.record({
        Config: fc.oneof(path, fc.jsonValue()),
        Layers: fc.oneof(fc.array(path), fc.jsonValue()),
        RepoTags: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      }),
    ),
  );
  const config = fc.oneof(
    fc.jsonValue(),
    fc.record({
      config: fc.jsonValue(),
      rootfs: fc.record({ diff_ids: fc.array(fc.oneof(fc.constant(`sha256:${"0".repeat(64)}`), fc.string())) }),
    }),
  );
  fuzz(
    "docker and OCI archives: any JSON in their documents",
    fc.tuple(manifest, config, fc.constantFrom(DOCKER_MANIFEST, OCI_INDEX)),
    async ([list, described, kind]) => {
      const parts = [
        { name: kind, data: JSON.stringify(list) },
        { name: "c.json", data: JSON.stringify(described) },
      ];
      await answerOrRefusalOf(read(buildTar([...parts, { name: "l", type: "2", link: "../../../etc/passwd" }])));
    },
    { share: 0.25 },
  );
  fuzz("image configuration: any JSON", config, (described) => {
    answerOrRefusal(() =>
      describeImage(Buffer.from(JSON.stringify(described)), { archive: "x.tar", member: "c.json" }),
    );
  });
});

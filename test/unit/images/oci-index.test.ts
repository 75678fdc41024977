import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { ImageArchive } from "../../../src/runtime/images/image-archive.js";
import { readOciArchive } from "../../../src/runtime/images/oci-archive.js";
import { buildTar, digestOf, type TarMember } from "../../support/tar-builder.js";

const directory = mkdtempSync(join(tmpdir(), "tsd-index-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const mediaType = "application/vnd.oci.image.index.v1+json";

/** Four indexes within each other, each of which names the next `width` times; the innermost has images for others only. */
function bomb(width: number): Buffer {
  const blobs: TarMember[] = [];
  let inner: object = {
    manifests: [{ digest: digestOf(Buffer.from("x")), platform: { os: "plan9", architecture: "z80" } }],
  };
  for (let depth = 0; depth < 4; depth += 1) {
    const data = Buffer.from(JSON.stringify(inner));
    const digest = digestOf(data);
    blobs.push({ name: `blobs/sha256/${digest.slice("sha256:".length)}`, data });
    inner = { manifests: Array.from({ length: width }, () => ({ digest, mediaType })) };
  }
  return buildTar([...blobs, { name: "index.json", data: JSON.stringify(inner) }]);
}

test("an index that names another a thousand times, four deep, is searched once", async () => {
  const path = join(directory, "bomb.tar");
  writeFileSync(path, bomb(1000));
  await using archive = await ImageArchive.open({ from: path }, directory);
  await expect(readOciArchive(archive, "amd64")).rejects.toMatchObject({ code: "TSD_IMAGE_PLATFORM" });
});

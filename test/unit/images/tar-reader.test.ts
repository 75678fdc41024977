import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { byteText } from "../../../src/runtime/images/byte-text.js";
import { StreamBytes } from "../../../src/runtime/images/stream-bytes.js";
import { type TarEntry, TarReader } from "../../../src/runtime/images/tar-reader.js";
import { buildMember, buildTar, type TarMember } from "../../support/tar-builder.js";

/** Reads an archive that arrives in chunks of the given sizes, the last size repeated. */
async function readAll(archive: Buffer, sizes: readonly number[] = [archive.length]): Promise<readonly Found[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0, turn = 0; at < archive.length; turn++) {
      const size = sizes[Math.min(turn, sizes.length - 1)] ?? 1;
      yield archive.subarray(at, at + size);
      at += size;
    }
  }
  const taken: Buffer[] = [];
  const bytes = new StreamBytes(chunks(), (piece) => taken.push(piece));
  const reader = new TarReader(bytes, "x.tar");
  const found: Found[] = [];
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    const padded = await bytes.read(Math.ceil(entry.size / 512) * 512);
    found.push({ ...entry, data: padded.toString("utf8", 0, entry.size) });
  }
  const seen = Buffer.concat(taken);
  expect(seen.equals(archive.subarray(0, seen.length))).toBe(true);
  return found;
}

type Found = TarEntry & { readonly data: string };

const member: fc.Arbitrary<TarMember> = fc.record({
  name: fc.stringMatching(/^[a-z/]{1,90}$/),
  data: fc.string({ maxLength: 1500 }),
});

test.each<[string, readonly TarMember[], string]>([
  [
    "two extended headers for one entry",
    [{ name: "a", type: "x", data: "13 size=1024\n" }, { name: "b", type: "x", data: "11 mtime=1\n" }, { name: "f" }],
    "has two extended headers",
  ],
  ["a size beyond any disk", [{ name: "f", pax: { size: "9007199254740991" } }], "more than can be right"],
  ["a length in hexadecimal", [{ name: "p", type: "x", data: "0xc path=xy\n" }, { name: "f" }], "is malformed"],
])("TarReader refuses %s", async (_what, members, why) => {
  await expect(readAll(buildTar(members))).rejects.toMatchObject({
    code: "TSD_IMAGE_ARCHIVE_DAMAGED",
    message: expect.stringContaining(why),
  });
});

describe("TarReader", () => {
  test("finds every member whatever the chunks it arrives in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }),
        async (members, sizes) => {
          const found = await readAll(buildTar(members), sizes);
          expect(found.map(({ name, data }) => ({ name, data }))).toEqual(members);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("takes long names from pax and from GNU headers, and the link of either", async () => {
    const long = `${"d/".repeat(120)}f`;
    const found = await readAll(
      buildTar([
        { name: "short", pax: { path: long, mtime: "1.5" }, data: "one" },
        { name: long, gnuLongName: true, data: "two" },
        { name: "s", type: "2", link: "cut", pax: { linkpath: "ü/target" } },
        { name: "plain" },
      ]),
    );
    expect(found.map(({ name, link, data }) => [name, link, data])).toEqual([
      [long, "", "one"],
      [long, "", "two"],
      ["s", byteText("ü/target"), ""],
      ["plain", "", ""],
    ]);
  });

  test("skips global headers, which would rename every member for tar", async () => {
    const global = buildMember({ name: "g", type: "g", data: "15 path=evil\n\n" });
    const found = await readAll(Buffer.concat([global, buildTar([{ name: "good" }])]));
    expect(found.map(({ name }) => name)).toEqual(["good"]);
    expect(found[0]?.header).toHaveLength(1);
  });

  test("reads sizes of base 256", async () => {
    const archive = buildTar([{ name: "big" }]);
    archive.fill(0, 124, 136);
    archive[124] = 0x80;
    archive.writeUIntBE(0x0200000000, 130, 6);
    fixChecksum(archive);
    const reader = new TarReader(new StreamBytes(Readable(archive)), "x.tar");
    expect((await reader.next())?.size).toBe(0x0200000000);
  });

  test.each([
    ["text", Buffer.from("this is no archive, it is text. ".repeat(40)), "is not a tar archive"],
    ["nothing", Buffer.alloc(0), "is not a tar archive"],
    ["a few bytes", Buffer.from("abc"), "is not a tar archive"],
    ["a cut header", buildTar([{ name: "a" }, { name: "b" }]).subarray(0, 700), "is cut short"],
    ["a cut extension", buildTar([{ name: "a", pax: { path: "b" } }]).subarray(0, 600), "is cut short"],
    [
      "an extension of nothing",
      Buffer.concat([buildMember({ name: "x", type: "x", data: "8 a=b\n" }).subarray(0, 1024), Buffer.alloc(1024)]),
      "extended header is malformed",
    ],
    [
      "a malformed extension",
      buildTar([{ name: "x", type: "x", data: "99 path=b\n" }, { name: "a" }]),
      "extended header is malformed",
    ],
    [
      "an endless name",
      buildTar([{ name: "x", type: "x", data: Buffer.alloc((1 << 20) + 1) }]),
      "more than any name needs",
    ],
    ["a wrong size", buildTar([{ name: "a", pax: { size: "-1" } }]), 'the size "-1"'],
    ["a link with data", buildTar([{ name: "a", type: "1", link: "b", data: "x" }]), "can have none"],
    ["a damaged second header", damage(buildTar([{ name: "a" }, { name: "b" }]), 512 + 5), "wrong checksum"],
  ])("refuses %s", async (_what, archive, why) => {
    await expect(readAll(archive)).rejects.toThrow(why);
    await expect(readAll(archive)).rejects.toMatchObject({ kind: "invalid-input", code: "TSD_IMAGE_ARCHIVE_DAMAGED" });
  });
});

async function* Readable(archive: Buffer): AsyncGenerator<Buffer> {
  yield archive;
}

function damage(archive: Buffer, at: number): Buffer {
  archive[at] = (archive[at] ?? 0) ^ 0xff;
  return archive;
}

function fixChecksum(archive: Buffer): void {
  archive.write("        ", 148);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, "0")}\0`, 148);
}

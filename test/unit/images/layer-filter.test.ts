import { describe, expect, test } from "@jest/globals";
import { filterLayer, type Hidden } from "../../../src/runtime/images/layer-filter.js";
import { StreamBytes } from "../../../src/runtime/images/stream-bytes.js";
import { TarReader } from "../../../src/runtime/images/tar-reader.js";
import { buildMember, buildTar, type TarMember } from "../../support/tar-builder.js";

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}

async function filter(
  archive: Buffer,
  needsEnd = true,
): Promise<{ names: readonly string[]; hidden: Hidden; out: Buffer }> {
  const hidden: Hidden = { paths: [], contents: [] };
  const chunks: Buffer[] = [];
  for await (const chunk of filterLayer(once(archive), { archive: "x.tar", hidden, needsEnd })) chunks.push(chunk);
  const out = Buffer.concat(chunks);
  const bytes = new StreamBytes(once(out));
  const reader = new TarReader(bytes, "filtered");
  const names: string[] = [];
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    await bytes.read(Math.ceil(entry.size / 512) * 512);
    names.push(entry.name);
  }
  return { names, hidden, out };
}

describe("filterLayer", () => {
  test("passes an ordinary archive byte by byte", async () => {
    const archive = buildTar([
      { name: "./", type: "5" },
      { name: "./bin/", type: "5" },
      { name: "./bin/sh", data: "x".repeat(1000), pax: { "SCHILY.xattr.user.a": "b" } },
      { name: "./bin/ls", type: "1", link: "./bin/sh" },
      { name: "./lib", type: "2", link: "../usr/lib" },
      { name: "./pipe", type: "6" },
    ]);
    expect((await filter(archive)).out).toEqual(archive);
  });

  test("drops what follows the end, global headers, devices and their hard links", async () => {
    const archive = Buffer.concat([
      buildMember({ name: "g", type: "g", data: "11 path=no\n" }),
      buildTar([
        { name: "dev/sda", type: "4", major: 8 },
        { name: "dev/mem", type: "3", major: 1, minor: 1 },
        { name: "disk", type: "1", link: "/dev/sda" },
        { name: "kept", data: "k" },
      ]),
      Buffer.from("rubbish after the end"),
    ]);
    const { names, out } = await filter(archive);
    expect(names).toEqual(["kept"]);
    expect(out).toHaveLength(4 * 512);
  });

  test("distinguishes whiteouts from files, and opaque directories from both", async () => {
    const { names, hidden } = await filter(
      buildTar([
        { name: "etc/.wh.passwd" },
        { name: "./.wh.top" },
        { name: "var/cache/.wh..wh..opq" },
        { name: ".wh..wh..opq" },
        { name: ".wh..wh.plnk/", type: "5" },
        { name: "etc/file.wh.not" },
      ]),
    );
    expect(hidden).toEqual({ paths: ["etc/passwd", "top"], contents: ["var/cache", "."] });
    expect(names).toEqual(["etc/file.wh.not"]);
  });

  test.each<[string, TarMember]>([
    ["a path upwards", { name: "../escape" }],
    ["a path upwards in the middle", { name: "a/../../escape" }],
    ["an absolute path upwards", { name: "/../escape" }],
    ["a hidden path upwards", { name: "../.wh.x" }],
    ["a whiteout of the parent", { name: "a/.wh..." }],
    ["a whiteout of the directory itself", { name: "a/.wh.." }],
    ["a whiteout of nothing", { name: "a/.wh." }],
    ["a long name upwards", { name: "ok", pax: { path: "x/../../y" } }],
    ["a sparse name upwards", { name: "ok", pax: { "GNU.sparse.name": "../y" } }],
  ])("refuses %s", async (_what, member) => {
    await expect(filter(buildTar([member]))).rejects.toMatchObject({
      kind: "invalid-input",
      code: "TSD_IMAGE_ENTRY_OUTSIDE",
    });
  });

  test("refuses unknown types and data that is cut short, naming the entry", async () => {
    await expect(filter(buildTar([{ name: "dump", type: "D" }]))).rejects.toThrow('"dump" of the unknown tar type "D"');
    const cut = buildTar([{ name: "long", data: "x".repeat(5000) }]).subarray(0, 2048);
    await expect(filter(cut)).rejects.toThrow('x.tar is cut short in the middle of "long"');
  });

  test("misses the end-of-archive marker only where nothing else proves the archive whole", async () => {
    const cut = buildMember({ name: "a", data: "x" });
    await expect(filter(cut)).rejects.toThrow("x.tar is cut short");
    expect((await filter(cut, false)).names).toEqual(["a"]);
  });
});

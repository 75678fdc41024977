import { execFileSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { decompress } from "../../../src/runtime/images/decompress.js";

const text = Buffer.from("layer data ".repeat(20_000));
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);

async function read(data: Buffer, chunk = 1000): Promise<Buffer> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < data.length; at += chunk) yield data.subarray(at, at + chunk);
  }
  const out: Buffer[] = [];
  for await (const piece of decompress(chunks(), "x.tar")) out.push(piece);
  return Buffer.concat(out);
}

describe("decompress", () => {
  test.each([
    ["nothing", Buffer.alloc(0), Buffer.alloc(0)],
    ["two bytes", Buffer.from("ab"), Buffer.from("ab")],
    ["plain data", text, text],
    ["gzip", gzipSync(text), text],
    ["gzip in two members", Buffer.concat([gzipSync("a"), gzipSync(text)]), Buffer.concat([Buffer.from("a"), text])],
    ["zstd", zstdCompressSync(text), text],
    ["zstd with a table of contents", Buffer.concat([skippable, zstdCompressSync(text), skippable]), text],
    ["xz", execFileSync("xz", ["-c"], { input: text }), text],
    ["bzip2", execFileSync("bzip2", ["-c"], { input: text }), text],
  ])("gives back %s", async (_what, compressed, expected) => {
    expect((await read(compressed)).equals(expected)).toBe(true);
    expect((await read(compressed, 1)).length).toBe(expected.length);
  });

  test.each([
    ["gzip", gzipSync(text)],
    ["zstd", zstdCompressSync(text)],
  ])("says which data is damaged: cut %s", async (format, compressed) => {
    await expect(read(compressed.subarray(0, compressed.length / 2))).rejects.toMatchObject({
      kind: "invalid-input",
      message: `x.tar is damaged: its ${format} data cannot be read`,
    });
  });

  test("passes on the complaint of xz", async () => {
    const cut = execFileSync("xz", ["-c"], { input: text }).subarray(0, 60);
    await expect(read(cut)).rejects.toMatchObject({ kind: "runtime", code: "TSD_EXEC_FAILED" });
  });

  test("an error of the stream itself stays what it was", async () => {
    const failing = (async function* () {
      yield gzipSync(text).subarray(0, 100);
      throw new Error("disk on fire");
    })();
    const reading = (async () => {
      for await (const _ of decompress(failing, "x.tar"));
    })();
    await expect(reading).rejects.toThrow("disk on fire");
  });

  test("a reader that stops early ends the source", async () => {
    let ended = false;
    const endless = (async function* () {
      try {
        for (;;) yield Buffer.alloc(1000, "x");
      } finally {
        ended = true;
      }
    })();
    for await (const _ of decompress(endless, "x.tar")) break;
    expect(ended).toBe(true);
  });
});

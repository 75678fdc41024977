import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";
import { openUnnamedFile } from "../../../src/kernel/files/unnamed-file.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tsd-unnamed-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("a nameless file is written and read, for root alone, and is nowhere to be seen", async () => {
  await using file = await openUnnamedFile(directory);
  await file.writeFile("content");
  expect(readdirSync(directory)).toEqual([]);
  expect((await file.stat()).mode & 0o777).toBe(0o600);
  expect((await file.read(Buffer.alloc(7), 0, 7, 0)).buffer.toString()).toBe("content");
});

test("on a file system without nameless files, it has lost its name at once", async () => {
  // The kernel's message queues are such a one.
  await execa("mount", ["-t", "mqueue", "mqueue", directory]);
  try {
    await using file = await openUnnamedFile(directory);
    expect(readdirSync(directory)).toEqual([]);
    expect(await file.stat()).toMatchObject({ nlink: 0, dev: statSync(directory).dev });
  } finally {
    await execa("umount", [directory]);
  }
});

test("where there is no directory, that is said", async () => {
  await expect(openUnnamedFile(join(directory, "none"))).rejects.toMatchObject({ code: "ENOENT" });
});

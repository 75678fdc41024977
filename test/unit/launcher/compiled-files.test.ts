import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { CompiledFiles } from "../../../src/compiled-files.js";

let directory: string;
let cache: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "compiled-"));
  cache = join(directory, "cache/x");
  write("main.cjs", 'exports.twice = (n) => require("./other.cjs").add(n, n); exports.name = __filename;');
  write("other.cjs", "exports.add = (a, b) => a + b; exports.separator = require('node:path').sep;");
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(directory, file), text);
}

/** A process of that purpose: what it computes, after which it keeps what it has compiled. */
function run(purpose = "ADD", number = 2): unknown {
  const files = new CompiledFiles(directory, cache, purpose, createRequire(import.meta.url));
  const main = files.load("main.cjs") as { readonly twice: (n: number) => number };
  const result = main.twice(number);
  files.keep();
  return result;
}

function kept(): readonly string[] {
  return readdirSync(cache).map((name) => name.replace(/-.*?(\.[A-Z]+)?$/, "$1"));
}

test("files are loaded once each, with what they require beside them or of Node.js", () => {
  const files = new CompiledFiles(directory, cache, "ADD", createRequire(import.meta.url));
  expect(files.load("other.cjs")).toMatchObject({ separator: "/" });
  expect(files.load("other.cjs")).toBe(files.load("other.cjs"));
  expect(files.load("main.cjs")).toMatchObject({ name: join(directory, "main.cjs") });
});

test("code is kept once for each purpose, and serves later processes", () => {
  expect([run(), run(), run("DEL", 3)]).toEqual([4, 4, 6]);
  expect(kept().toSorted()).toEqual(
    ["main.cjs", "other.cjs"].flatMap((file) => [file, `${file}.ADD`, `${file}.DEL`]).toSorted(),
  );
});

test("a purpose that is no word keeps nothing", () => {
  expect(run("../../x")).toBe(4);
  expect(() => readdirSync(cache)).toThrow("ENOENT");
});

test("a file that is replaced by one of the same length is not mistaken for it, and its code goes", () => {
  run();
  rmSync(join(directory, "other.cjs"));
  write("other.cjs", "exports.add = (a, b) => a * b; exports.separator = require('node:path').sep;");
  expect(run("ADD", 5)).toBe(25);
  expect(kept().filter((name) => name === "other.cjs")).toHaveLength(1);
});

test("code that is cut short or foreign is not used, and is replaced", () => {
  run();
  const [code = ""] = readdirSync(cache).filter((name) => name.startsWith("main.cjs") && !name.endsWith(".ADD"));
  for (const spoil of [
    () => truncateSync(join(cache, code), 20),
    () => writeFileSync(join(cache, code), "x".repeat(99)),
  ]) {
    spoil();
    expect(run()).toBe(4);
  }
});

test("a directory that nothing can be written to is no hindrance", () => {
  mkdirSync(join(directory, "cache"));
  writeFileSync(cache, "");
  expect(run()).toBe(4);
});

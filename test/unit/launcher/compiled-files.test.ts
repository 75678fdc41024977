import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
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
  const files = new CompiledFiles(directory, "x", purpose, createRequire(import.meta.url));
  const main = files.load("main.cjs") as { readonly twice: (n: number) => number };
  const result = main.twice(number);
  files.keep();
  return result;
}

function kept(): readonly string[] {
  return readdirSync(cache).map((name) => name.replace(/-.*?(\.[A-Z]+)?$/, "$1"));
}

test("files are loaded once each, with what they require beside them or of Node.js", () => {
  const files = new CompiledFiles(directory, "x", "ADD", createRequire(import.meta.url));
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

describe("compiled code that another user can have written", () => {
  const another = 65_534;
  let code: string;
  /** V8 accepts code by the length of its source. Within a process it remembers sources, so nothing may run before. */
  beforeEach(() => {
    const filename = join(directory, "main.cjs");
    const real = readFileSync(filename, "utf8");
    const evil = "exports.twice = () => 666;".padEnd(real.length);
    const source = `(function (exports, require, module, __filename, __dirname) {${evil}\n})`;
    const script = new Script(source, { filename });
    const exports = { twice: () => 0 };
    script.runInThisContext()(exports);
    expect(exports.twice()).toBe(666);
    const { size, ino, ctimeMs } = lstatSync(filename);
    code = join(cache, `main.cjs-${process.version}-${process.arch}-${size}-${ino}-${ctimeMs}`);
    mkdirSync(cache, { recursive: true, mode: 0o755 });
    writeFileSync(code, script.createCachedData());
  });
  const moved = (path: string): void => {
    renameSync(path, `${path}-elsewhere`);
    symlinkSync(`${path}-elsewhere`, path);
  };

  test("would run in the place of the code", () => {
    expect(run()).toBe(666);
  });

  test.each<[string, () => void]>([
    ["a file is writable", () => chmodSync(code, 0o622)],
    ["a file is a link", () => moved(code)],
    ["the directory is writable", () => chmodSync(cache, 0o777)],
    ["the directory is writable by a group", () => chmodSync(cache, 0o775)],
    ["the directory is a link", () => moved(cache)],
    ["the directory above is writable", () => chmodSync(join(directory, "cache"), 0o1777)],
    ["the directory above is a link", () => moved(join(directory, "cache"))],
  ])("is not used where %s", (_what, change) => {
    change();
    expect(run()).toBe(4);
  });

  const asRoot = process.geteuid?.() === 0 ? test : test.skip;

  asRoot.each(["cache", "cache/x", "file"])("is not used where %s is another's", (what) => {
    chownSync(what === "file" ? code : join(directory, what), another, another);
    expect(run()).toBe(4);
  });

  asRoot("is used where that user owns the code as well", () => {
    for (const path of [directory, code]) chownSync(path, another, another);
    expect(run()).toBe(666);
  });

  test("gets nothing written beside it", () => {
    rmSync(join(directory, "cache"), { recursive: true });
    mkdirSync(join(directory, "elsewhere"));
    symlinkSync(join(directory, "elsewhere"), join(directory, "cache"));
    expect(run()).toBe(4);
    expect(readdirSync(join(directory, "elsewhere"))).toEqual([]);
  });
});

test("directories and files are their owner's to write, even without a umask", () => {
  const mask = process.umask(0);
  try {
    run();
  } finally {
    process.umask(mask);
  }
  for (const path of [join(directory, "cache"), cache, ...readdirSync(cache).map((name) => join(cache, name))])
    expect(lstatSync(path).mode & 0o022).toBe(0);
});

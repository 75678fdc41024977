import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import nodeModule from "node:module";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { enableCompileCache } from "../../../src/compile-cache.js";

const own = `cache/node-${process.geteuid?.()}`;
let code: string;
/** Where Node.js is told to keep what it compiles, and what it could make there. */
let enabled: { readonly path: string | undefined; readonly mask: number }[];
beforeEach(() => {
  code = mkdtempSync(`${tmpdir()}/compile-cache-`);
  enabled = [];
  jest.spyOn(nodeModule, "enableCompileCache").mockImplementation((path) => {
    const mask = process.umask(0);
    process.umask(mask);
    enabled.push({ path: typeof path === "string" ? path : undefined, mask });
    return { status: 1 };
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(code, { recursive: true });
});

test("Node.js keeps compiled code in a directory of the caller's, whatever the umask, which stays", () => {
  const mask = process.umask(0);
  try {
    enableCompileCache(code);
    enableCompileCache(code);
    expect(process.umask(0)).toBe(0);
  } finally {
    process.umask(mask);
  }
  const kept = { path: `${code}/${own}`, mask: 0o077 };
  expect(enabled).toEqual([kept, kept]);
  for (const path of ["cache", own]) expect(lstatSync(`${code}/${path}`).mode & 0o777).toBe(0o755);
});

test.each<[string, () => void]>([
  ["the directory can be changed by others", () => chmodSync(`${code}/${own}`, 0o777)],
  ["the directory above can be changed by others", () => chmodSync(`${code}/cache`, 0o777)],
  ["a directory of Node.js can be changed by others", () => chmodSync(`${code}/${own}/v26`, 0o777)],
  ["a file can be changed by others", () => chmodSync(`${code}/${own}/v26/0a`, 0o666)],
  ["a file is a link", () => symlinkSync("0a", `${code}/${own}/v26/0b`)],
  ["something else is there", () => writeFileSync(`${code}/${own}/x`, "")],
])("Node.js goes on without where %s", (_what, change) => {
  mkdirSync(`${code}/${own}/v26`, { recursive: true, mode: 0o755 });
  writeFileSync(`${code}/${own}/v26/0a`, "", { mode: 0o600 });
  enableCompileCache(code);
  change();
  enableCompileCache(code);
  expect(enabled).toHaveLength(1);
});

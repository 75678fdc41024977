import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { canonicalPath } from "../../../../src/kernel/files/canonical-path.js";

const world = realpathSync(mkdtempSync(join(tmpdir(), "tsd-path-")));

beforeAll(() => {
  mkdirSync(join(world, "there"));
  symlinkSync("there", join(world, "link"));
  writeFileSync(join(world, "file"), "");
  symlinkSync("round", join(world, "round"));
});
afterAll(() => rmSync(world, { recursive: true, force: true }));

test.each([
  ["there", "there"],
  ["there/", "there"],
  ["link//./deep", "there/deep"],
  ["there/../link/a/b", "there/a/b"],
  ["nowhere/../link", "there"],
  ["new", "new"],
])("%s is %s", (path, expected) => {
  expect(canonicalPath(`${world}/${path}`)).toBe(join(world, expected));
});

test.each(["file/below", "round/below"])("%s is refused", (path) => {
  expect(() => canonicalPath(`${world}/${path}`)).toThrow(expect.objectContaining({ name: "TsdError" }));
});

test("the root is itself", () => {
  expect(canonicalPath("/")).toBe("/");
});

import { chmodSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { foreignStep } from "../../../../src/kernel/files/foreign-step.js";

const another = 65_534;
let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(`${tmpdir()}/foreign-step-`));
  for (const path of ["own/deep", "open/own", "sticky/own"]) mkdirSync(`${base}/${path}`, { recursive: true });
  chmodSync(`${base}/open`, 0o777);
  chmodSync(`${base}/sticky`, 0o1777);
  for (const [name, target] of [
    ["absolute", `${base}/own/deep`],
    ["relative", "own/../own/deep"],
    ["through", `${base}/open/link`],
    ["open/link", `${base}/own`],
    ["loop", "loop"],
  ] as const)
    symlinkSync(target, `${base}/${name}`);
});
afterEach(() => rmSync(base, { recursive: true }));

test.each([
  ["own/deep", undefined],
  ["own//deep/.", undefined],
  ["own/missing/deeper", undefined],
  ["absolute", undefined],
  ["relative", undefined],
  ["sticky/own", undefined],
  ["sticky/missing", undefined],
  ["sticky", "sticky"],
  ["sticky/", "sticky"],
  ["open", "open"],
  ["open/own", "open"],
  ["open/missing", "open"],
  ["own/../open/own", "open"],
  ["through", "open"],
  ["through/deep", "open"],
  ["loop", "loop"],
])("on the way to %s others decide at %s", (path, step) => {
  expect(foreignStep(`${base}/${path}`)).toBe(step === undefined ? undefined : `${base}/${step}`);
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

asRoot.each([
  ["own", "own/deep"],
  ["absolute", "absolute"],
  ["sticky/own", "sticky/own"],
])("another user's %s is a foreign step to %s", (owned, path) => {
  lchownSync(`${base}/${owned}`, another, another);
  expect(foreignStep(`${base}/${path}`)).toBe(`${base}/${owned}`);
});

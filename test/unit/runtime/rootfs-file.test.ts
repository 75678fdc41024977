import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readRootfsFile } from "../../../src/runtime/rootfs-file.js";

const directory = mkdtempSync(`${tmpdir()}/tsd-rootfs-`);
const rootfs = `${directory}/rootfs`;

beforeAll(() => {
  mkdirSync(`${rootfs}/etc/deep`, { recursive: true });
  mkdirSync(`${rootfs}/usr`);
  writeFileSync(`${directory}/secret`, "secret");
  writeFileSync(`${rootfs}/etc/passwd`, "inside");
  for (const [target, name] of [
    ["/etc/passwd", "absolute"],
    ["../../../../../../etc/passwd", "climbing"],
    ["../../secret", "escaping"],
    [`${directory}/secret`, "outside"],
    ["/etc", "usr/etc"],
    ["loop", "loop"],
    ["deep/../passwd", "etc/relative"],
    ["/proc/self/root/etc/passwd", "magic"],
  ] as const) {
    symlinkSync(target, `${rootfs}/${name}`);
  }
  execFileSync("mkfifo", [`${rootfs}/fifo`]);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("readRootfsFile", () => {
  test.each([
    "etc/passwd",
    "/etc/passwd",
    "etc//./deep/../passwd",
    "absolute",
    "climbing",
    "usr/etc/passwd",
    "etc/relative",
  ])("finds the file inside by %s", (path) => expect(readRootfsFile(rootfs, path)).toBe("inside"));

  test.each([
    "escaping",
    "outside",
    "../secret",
    "../../secret",
    "loop",
    "magic",
    "fifo",
    "etc",
    "missing",
    "etc/passwd/x",
    "",
  ])("finds nothing by %j", (path) => expect(readRootfsFile(rootfs, path)).toBeUndefined());

  test("closes whatever it opens", () => {
    const before = readdirSync("/proc/self/fd").length;
    for (const path of ["climbing", "usr/etc/passwd", "loop", "missing", "etc/deep/../../etc/passwd"])
      readRootfsFile(rootfs, path);
    expect(readdirSync("/proc/self/fd")).toHaveLength(before);
  });
});

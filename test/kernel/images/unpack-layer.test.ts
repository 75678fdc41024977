import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { unpackLayer } from "../../../src/runtime/images/unpack-layer.js";
import { buildTar, digestOf, type TarMember } from "../../support/tar-builder.js";

let world: string;
let target: string;
let outside: string;

beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), "tsd-unpack-"));
  target = join(world, "layer");
  outside = join(world, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret"), "untouched");
});
afterEach(() => rmSync(world, { recursive: true, force: true }));

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}

async function unpack(...members: readonly TarMember[]) {
  return await unpackLayer({ stream: once(buildTar(members)), archive: "x.tar" }, target);
}

/** Nothing but the layer changed, and nothing was written beside it. */
function expectOutsideUntouched(): void {
  expect(readdirSync(world).filter((name) => name !== "layer")).toEqual(["outside"]);
  expect(readdirSync(outside)).toEqual(["secret"]);
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe("untouched");
  expect(lstatSync(join(outside, "secret")).nlink).toBe(1);
}

describe("an ordinary layer", () => {
  test("keeps owners, modes, times, links and names of any length", async () => {
    const long = `${"directory/".repeat(30)}file`;
    const members: TarMember[] = [
      { name: "./", type: "5", mode: 0o755 },
      { name: "./su", data: "x", mode: 0o4755, uid: 0 },
      { name: "./closed/", type: "5", mode: 0o500, uid: 1234, gid: 5678 },
      { name: "./closed/file", data: "deep", mode: 0o640, uid: 70_000 },
      { name: "./hard", type: "1", link: "./su" },
      { name: "./absolute", type: "2", link: "/closed/file" },
      { name: "long", pax: { path: long }, data: "found" },
    ];
    const layer = await unpack(...members);
    expect(`sha256:${layer.diffId}`).toBe(digestOf(buildTar(members)));
    expect(layer.size).toBe(buildTar(members).length);
    expect(lstatSync(join(target, "su"))).toMatchObject({ mode: 0o104755, nlink: 2, mtimeMs: 1_700_000_000_000 });
    expect(lstatSync(join(target, "closed"))).toMatchObject({ mode: 0o40500, uid: 1234, gid: 5678 });
    expect(lstatSync(join(target, "closed/file"))).toMatchObject({ mode: 0o100640, uid: 70_000 });
    expect(readlinkSync(join(target, "absolute"))).toBe("/closed/file");
    expect(readFileSync(join(target, long), "utf8")).toBe("found");
  });

  test("is open to all users where the archive does not say, whatever the caller's umask", async () => {
    const before = process.umask(0o077);
    try {
      await unpack({ name: "usr/bin/tool", data: "x", mode: 0o755 });
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(before);
    }
    expect(lstatSync(target).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(target, "usr/bin")).mode & 0o777).toBe(0o755);
  });

  test("keeps file capabilities, drops what would steer overlayfs", async () => {
    const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");
    await unpack(
      { name: "ping", data: "x", uid: 5, pax: { "SCHILY.xattr.security.capability": capability } },
      { name: "dir", type: "5", pax: { "SCHILY.xattr.trusted.overlay.redirect": "/etc" } },
    );
    const attributes = (name: string): string =>
      execFileSync("python3", ["-c", "import os,sys; print(os.listxattr(sys.argv[1]))", join(target, name)], {
        encoding: "utf8",
      }).trim();
    expect(attributes("ping")).toBe("['security.capability']");
    expect(attributes("dir")).toBe("[]");
  });

  test("hides entries and contents of the layers below as overlayfs wants it", async () => {
    const lower = join(world, "lower");
    for (const name of ["gone", "dir/kept", "opaque/old", "again/old"]) {
      mkdirSync(join(lower, name), { recursive: true });
    }
    await unpack(
      { name: ".wh.gone" },
      { name: "opaque/.wh..wh..opq" },
      { name: "opaque/new", data: "x" },
      { name: ".wh.again" },
      { name: "again/", type: "5" },
      { name: "again/new", data: "x" },
      { name: "dir/.wh.never-was" },
    );
    expect(lstatSync(join(target, "gone"))).toMatchObject({ rdev: 0 });
    expect(lstatSync(join(target, "gone")).isCharacterDevice()).toBe(true);
    const merged = join(world, "merged");
    mkdirSync(merged);
    execFileSync("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${target}:${lower}`, merged]);
    try {
      expect(readdirSync(merged).sort()).toEqual(["again", "dir", "opaque"]);
      expect(readdirSync(join(merged, "opaque"))).toEqual(["new"]);
      expect(readdirSync(join(merged, "again"))).toEqual(["new"]);
      expect(readdirSync(join(merged, "dir"))).toEqual(["kept"]);
    } finally {
      execFileSync("umount", [merged]);
    }
  });
});

describe("a hostile layer writes nothing outside", () => {
  test("absolute paths land inside", async () => {
    await unpack({ name: join(outside, "new"), data: "x" });
    expect(existsSync(join(target, outside, "new"))).toBe(true);
    expectOutsideUntouched();
  });

  test("device nodes are left out", async () => {
    await unpack(
      { name: "disk", type: "4", major: 8 },
      { name: "memory", type: "3", major: 1, minor: 1 },
      { name: "f" },
    );
    expect(readdirSync(target)).toEqual(["f"]);
  });

  test.each<[string, (outside: string) => readonly TarMember[]]>([
    ["..", () => [{ name: "../outside/new", data: "x" }]],
    [
      "a symbolic link to a directory, then a file through it",
      (out) => [
        { name: "l", type: "2", link: out },
        { name: "l/new", data: "x" },
      ],
    ],
    [
      "a relative one",
      () => [
        { name: "l", type: "2", link: "../outside" },
        { name: "l/new", data: "x" },
      ],
    ],
    [
      "two links, the second through the first",
      () => [
        { name: "a", type: "2", link: ".." },
        { name: "b", type: "2", link: "a/outside" },
        { name: "b/new", data: "x" },
      ],
    ],
    [
      "a link through a directory of the layer",
      () => [
        { name: "d/", type: "5" },
        { name: "l", type: "2", link: "d/../../outside" },
        { name: "l/new", data: "x" },
      ],
    ],
    [
      "a link to a file, then that file",
      (out) => [
        { name: "l", type: "2", link: `${out}/secret` },
        { name: "l", data: "overwritten" },
      ],
    ],
    [
      "a link in place of the layer itself",
      (out) => [
        { name: "./", type: "2", link: out },
        { name: "./new", data: "x" },
      ],
    ],
    [
      "a directory made a link",
      (out) => [
        { name: "d/", type: "5" },
        { name: "d", type: "2", link: out },
        { name: "d/new", data: "x" },
      ],
    ],
    [
      "a hard link outside, then writing to it",
      (out) => [
        { name: "h", type: "1", link: `${out}/secret` },
        { name: "h", data: "overwritten" },
      ],
    ],
    [
      "a hard link by ..",
      () => [
        { name: "h", type: "1", link: "../outside/secret" },
        { name: "h", data: "overwritten" },
      ],
    ],
    [
      "a hard link through a symbolic one",
      (out) => [
        { name: "l", type: "2", link: out },
        { name: "h", type: "1", link: "l/secret" },
        { name: "h", data: "overwritten" },
      ],
    ],
    ["a whiteout through a link", (out) => [{ name: "l", type: "2", link: out }, { name: "l/.wh.secret" }]],
    ["an opaque mark through a link", (out) => [{ name: "l", type: "2", link: out }, { name: "l/.wh..wh..opq" }]],
    [
      "a whiteout whose directory is made through a link",
      (out) => [{ name: "l", type: "2", link: out }, { name: "l/deep/.wh.x" }],
    ],
    ["a name of another name", () => [{ name: "good", pax: { path: "../outside/new" }, data: "x" }]],
    [
      "a name for every member",
      () => [
        { name: "g", type: "g", data: "27 path=../outside/new12345\n" },
        { name: "f", data: "x" },
      ],
    ],
    ["a name too long for Linux", () => [{ name: "n", pax: { path: "n".repeat(5000) }, data: "x" }]],
  ])("%s", async (_what, members) => {
    await unpack(...members(outside)).catch((error: unknown) => {
      expect(error).toMatchObject({ name: "TsdError", code: expect.stringMatching(/^TSD_IMAGE_/) });
    });
    expectOutsideUntouched();
  });

  test("options in the user's environment do not reach tar", async () => {
    process.env.TAR_OPTIONS = `--absolute-names --transform=s,f,${outside}/new,`;
    try {
      await unpack({ name: "f", data: "x" });
    } finally {
      delete process.env.TAR_OPTIONS;
    }
    expectOutsideUntouched();
    expect(readdirSync(target)).toEqual(["f"]);
  });

  test("an earlier layer's link is of no use to a later layer: each has a directory of its own", async () => {
    await unpack({ name: "l", type: "2", link: outside });
    symlinkSync(outside, join(world, "taken"));
    const again = unpackLayer({ stream: once(buildTar([{ name: "l/new" }])), archive: "x.tar" }, join(world, "taken"));
    await expect(again).rejects.toMatchObject({ code: "EEXIST" });
    rmSync(join(world, "taken"));
    expectOutsideUntouched();
  });
});

test("tar's complaint reaches the user in one sentence", async () => {
  await expect(unpack({ name: "f", data: "x" }, { name: "f/g", data: "y" })).rejects.toMatchObject({
    kind: "runtime",
    code: "TSD_IMAGE_UNPACK_FAILED",
    message: expect.stringMatching(/^x\.tar cannot be unpacked: f\/g: Cannot open: /),
  });
});

test("a full disk is told, not hidden", async () => {
  mkdirSync(target);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", target]);
  try {
    const big = unpackLayer(
      { stream: once(buildTar([{ name: "big", data: Buffer.alloc(1 << 20) }])), archive: "x.tar" },
      join(target, "layer"),
    );
    await expect(big).rejects.toThrow("x.tar cannot be unpacked: big: Wrote only");
  } finally {
    execFileSync("umount", [target]);
  }
});

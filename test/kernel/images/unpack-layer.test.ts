import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildTar, digestOf, type TarMember } from "../../support/tar-builder.js";
import { useUnpackLab } from "./unpack-lab.js";

const lab = useUnpackLab();
const unpack = (...members: readonly TarMember[]) => lab().unpack(members);

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
    expect(lstatSync(join(lab().target, "su"))).toMatchObject({ mode: 0o104755, nlink: 2, mtimeMs: 1_700_000_000_000 });
    expect(lstatSync(join(lab().target, "closed"))).toMatchObject({ mode: 0o40500, uid: 1234, gid: 5678 });
    expect(lstatSync(join(lab().target, "closed/file"))).toMatchObject({ mode: 0o100640, uid: 70_000 });
    expect(readlinkSync(join(lab().target, "absolute"))).toBe("/closed/file");
    expect(readFileSync(join(lab().target, long), "utf8")).toBe("found");
  });

  test("is open to all users where the archive does not say, whatever the caller's umask", async () => {
    const before = process.umask(0o077);
    try {
      await unpack({ name: "usr/bin/tool", data: "x", mode: 0o755 });
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(before);
    }
    expect(lstatSync(lab().target).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(lab().target, "usr/bin")).mode & 0o777).toBe(0o755);
  });

  test("keeps file capabilities, drops what would steer overlayfs", async () => {
    const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");
    await unpack(
      { name: "ping", data: "x", uid: 5, pax: { "SCHILY.xattr.security.capability": capability } },
      { name: "dir", type: "5", pax: { "SCHILY.xattr.trusted.overlay.redirect": "/etc" } },
    );
    const attributes = (name: string): string =>
      execFileSync("python3", ["-c", "import os,sys; print(os.listxattr(sys.argv[1]))", join(lab().target, name)], {
        encoding: "utf8",
      }).trim();
    expect(attributes("ping")).toBe("['security.capability']");
    expect(attributes("dir")).toBe("[]");
  });

  test("hides entries and contents of the layers below as overlayfs wants it", async () => {
    const lower = join(lab().world, "lower");
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
    expect(lstatSync(join(lab().target, "gone"))).toMatchObject({ rdev: 0 });
    expect(lstatSync(join(lab().target, "gone")).isCharacterDevice()).toBe(true);
    const merged = join(lab().world, "merged");
    mkdirSync(merged);
    execFileSync("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${lab().target}:${lower}`, merged]);
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

test("tar's complaint reaches the user in one sentence", async () => {
  await expect(unpack({ name: "f", data: "x" }, { name: "f/g", data: "y" })).rejects.toMatchObject({
    kind: "runtime",
    code: "TSD_IMAGE_UNPACK_FAILED",
    message: expect.stringMatching(/^x\.tar cannot be unpacked: f\/g: Cannot open: /),
  });
});

test("a full disk is told, not hidden", async () => {
  mkdirSync(lab().target);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", lab().target]);
  try {
    const big = lab().unpack([{ name: "big", data: Buffer.alloc(1 << 20) }], join(lab().target, "layer"));
    await expect(big).rejects.toThrow("x.tar cannot be unpacked: big: Wrote only");
  } finally {
    execFileSync("umount", [lab().target]);
  }
});

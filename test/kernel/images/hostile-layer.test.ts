import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildMember, type TarMember } from "../../support/tar-builder.js";
import { useUnpackLab } from "./unpack-lab.js";

const lab = useUnpackLab();
const unpack = (...members: readonly TarMember[]) => lab().unpack(members);

/** Headers of a device node and a file, as the data of another member. */
function smuggled(): Buffer {
  return Buffer.concat([buildMember({ name: "disk", type: "4", major: 8 }), buildMember({ name: "tail" })]);
}

function isDevice(path: string): boolean {
  const status = lstatSync(path);
  return status.isBlockDevice() || status.isCharacterDevice();
}

describe("a hostile layer writes nothing outside", () => {
  test("absolute paths land inside", async () => {
    await unpack({ name: join(lab().outside, "new"), data: "x" });
    expect(existsSync(join(lab().target, lab().outside, "new"))).toBe(true);
    lab().expectOutsideUntouched();
  });

  test("device nodes are left out", async () => {
    await unpack(
      { name: "disk", type: "4", major: 8 },
      { name: "memory", type: "3", major: 1, minor: 1 },
      { name: "f" },
    );
    expect(readdirSync(lab().target)).toEqual(["f"]);
  });

  test.each<[string, readonly TarMember[]]>([
    [
      "behind a sparse map that is longer than its file",
      [
        {
          name: "sparse",
          pax: { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "0", "GNU.sparse.name": "q" },
        },
        { name: "0\n0\n", data: smuggled() },
      ],
    ],
    [
      "behind a second extended header that takes back the first",
      [
        { name: "first", type: "x", data: "13 size=1024\n" },
        { name: "second", type: "x", data: "11 mtime=1\n" },
        { name: "empty" },
        { name: "disk", type: "4", major: 8 },
        { name: "tail" },
      ],
    ],
    [
      "behind a sparse file that says in a strange way that its header goes on",
      [
        { name: "sparse", type: "S", magic: "ustar  \0", continued: 2 },
        { name: "benign", data: smuggled() },
      ],
    ],
  ])("device nodes are not made even where tar finds them in data, %s", async (_where, members) => {
    const refusal = await unpack(...members).catch((error: unknown) => error);
    if (refusal !== undefined && !("diffId" in (refusal as object)))
      expect(refusal).toMatchObject({ name: "TsdError", code: expect.stringMatching(/^TSD_IMAGE_/) });
    expect(readdirSync(lab().target).filter((name) => isDevice(join(lab().target, name)))).toEqual([]);
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
    [
      "a target of a link that is longer than its field",
      (out) => [
        { name: "l", type: "2", pax: { linkpath: `${"./".repeat(200)}${out}` } },
        { name: "l/new", data: "x" },
      ],
    ],
    [
      "a name of a sparse file",
      () => [{ name: "good", pax: { "GNU.sparse.major": "1", "GNU.sparse.name": "../outside/new" }, data: "0\n" }],
    ],
    [
      "one name for a file, a link, a directory and a file again",
      (out) => [
        { name: "x", data: "x" },
        { name: "x", type: "2", link: out },
        { name: "x/", type: "5" },
        { name: "x", type: "2", link: `${out}/new` },
        { name: "x", data: "overwritten" },
      ],
    ],
    [
      "a hard link to a link, which then is written through",
      (out) => [
        { name: "l", type: "2", link: `${out}/new` },
        { name: "h", type: "1", link: "l" },
        { name: "h", data: "overwritten" },
        { name: "h/deep", data: "x" },
      ],
    ],
    [
      "a directory whose mode and owner are set last, by then a link",
      (out) => [
        { name: "d/", type: "5", mode: 0o777, uid: 7 },
        { name: "d", type: "2", link: out },
      ],
    ],
    ["a name too long for Linux", () => [{ name: "n", pax: { path: "n".repeat(5000) }, data: "x" }]],
  ])("%s", async (_what, members) => {
    await unpack(...members(lab().outside)).catch((error: unknown) => {
      expect(error).toMatchObject({ name: "TsdError", code: expect.stringMatching(/^TSD_IMAGE_/) });
    });
    lab().expectOutsideUntouched();
  });

  test("options in the user's environment do not reach tar", async () => {
    process.env.TAR_OPTIONS = `--absolute-names --transform=s,f,${lab().outside}/new,`;
    try {
      await unpack({ name: "f", data: "x" });
    } finally {
      delete process.env.TAR_OPTIONS;
    }
    lab().expectOutsideUntouched();
    expect(readdirSync(lab().target)).toEqual(["f"]);
  });

  test("a link of a lower layer that an upper layer's directory replaces leads nowhere", async () => {
    const lower = join(lab().world, "layer-below");
    const link = [{ name: "d", type: "2", link: lab().outside }] as const;
    await lab().unpack(link, lower);
    await unpack({ name: "d/new", data: "x" });
    const merged = join(lab().world, "merged");
    mkdirSync(merged);
    execFileSync("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${lab().target}:${lower}`, merged]);
    try {
      expect(readdirSync(join(merged, "d"))).toEqual(["new"]);
    } finally {
      execFileSync("umount", [merged]);
    }
    rmSync(lower, { recursive: true });
    rmSync(merged, { recursive: true });
    lab().expectOutsideUntouched();
  });

  test("an earlier layer's link is of no use to a later layer: each has a directory of its own", async () => {
    await unpack({ name: "l", type: "2", link: lab().outside });
    symlinkSync(lab().outside, join(lab().world, "taken"));
    const again = lab().unpack([{ name: "l/new" }], join(lab().world, "taken"));
    await expect(again).rejects.toMatchObject({ code: "EEXIST" });
    rmSync(join(lab().world, "taken"));
    lab().expectOutsideUntouched();
  });
});

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Image, Overlay } from "../../../src/api/index.js";
import { ensureOverlay, removeOverlay } from "../../../src/kernel/files/overlay-resource.js";
import { layerPath } from "../../../src/runtime/images/layer-path.js";
import { limits } from "../../../src/runtime/images/limits.js";
import { buildDockerArchive } from "../../support/image-archives.js";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, type TarMember } from "../../support/tar-builder.js";

const lab = useImageLab();

/** What a container of the image sees: paths in latin1, so that each byte is a character. */
function seen(image: Image): readonly string[] {
  const [path, upper, work] = ["rootfs", "upper", "work"].map((name) => join(lab().world, name)) as [
    string,
    string,
    string,
  ];
  for (const directory of [path, upper, work]) mkdirSync(directory, { recursive: true });
  const lower = image.layers.map((diffId) => layerPath(lab().store, diffId)).reverse();
  const overlay: Overlay = { kind: "overlay", path, lower, upper, work };
  ensureOverlay(overlay);
  try {
    const names = readdirSync(Buffer.from(path), {
      recursive: true,
      encoding: "buffer",
    } as object) as unknown as Buffer[];
    return names.map((name) => name.toString("latin1")).sort();
  } finally {
    removeOverlay(overlay);
  }
}

const load = (...layers: readonly (readonly TarMember[])[]) =>
  lab().loadOne(buildDockerArchive([{ layers: layers.map(buildTar), names: ["x"] }]));

/** A member whose name is bytes. */
const raw = (latin1: string, more: Partial<TarMember> = {}): TarMember => ({
  name: "x",
  pax: { path: Buffer.from(latin1, "latin1") },
  ...more,
});

describe("what an upper layer hides is hidden in a container", () => {
  const below: readonly TarMember[] = [
    { name: "d/", type: "5" },
    { name: "d/a" },
    { name: "d/b" },
    { name: "d/e/", type: "5" },
    { name: "d/e/deep" },
    { name: "top" },
  ];
  const all = ["d", "d/a", "d/b", "d/e", "d/e/deep", "top"];
  const without = (...gone: readonly string[]) => all.filter((name) => !gone.includes(name));

  test.each<[string, readonly TarMember[], readonly string[]]>([
    ["a file", [{ name: "d/.wh.a" }], without("d/a")],
    ["a directory", [{ name: "d/.wh.e" }], without("d/e", "d/e/deep")],
    [
      "a directory that the same layer has, before it",
      [{ name: "d/.wh.e" }, { name: "d/e/new" }],
      [...without("d/e/deep"), "d/e/new"].sort(),
    ],
    [
      "a directory that the same layer has, after it",
      [{ name: "d/e/new" }, { name: "d/.wh.e" }],
      [...without("d/e/deep"), "d/e/new"].sort(),
    ],
    ["all of a directory", [{ name: "d/.wh..wh..opq" }, { name: "d/new" }], ["d", "d/new", "top"]],
    ["all of a directory, told last", [{ name: "d/new" }, { name: "d/.wh..wh..opq" }], ["d", "d/new", "top"]],
    ["all there is", [{ name: ".wh..wh..opq" }, { name: "new" }], ["new"]],
    ["all there is, by ./", [{ name: "new" }, { name: "./.wh..wh..opq" }], ["new"]],
    ["by a link", [{ name: "d/.wh.a", type: "2", link: "/etc/passwd" }], without("d/a")],
    ["by a hard link", [{ name: "f" }, { name: "d/.wh.a", type: "1", link: "f" }], [...without("d/a"), "f"].sort()],
    ["by a directory", [{ name: "d/.wh.a/", type: "5" }], without("d/a")],
    ["by a device", [{ name: "d/.wh.a", type: "3", major: 1, minor: 3 }], without("d/a")],
    ["with contents", [{ name: "d/.wh.a", data: "not empty" }], without("d/a")],
    ["what is not there", [{ name: "d/.wh.none" }], all],
    ["nothing, by notes of aufs", [{ name: ".wh..wh.plnk/", type: "5" }, { name: ".wh..wh.aufs" }], all],
    ["nothing, by a mark within a name", [{ name: "d/a.wh.b" }], [...all, "d/a.wh.b"].sort()],
  ])("%s", async (_what, above, expected) => {
    expect(seen(await load(below, above))).toEqual(expected);
  });

  const names = [
    "\xff",
    "a\xc3",
    "\xc3\xbc",
    "new\nline",
    "tab\t",
    "\x1b[2J",
    " ",
    "\\",
    "a,b:c",
    "'",
    "\x80".repeat(200),
  ];
  test("whatever bytes its name is made of, and its directory's", async () => {
    const files = names.flatMap((name) => [
      raw(`d/${name}`),
      raw(`${name}-dir/in`),
      raw(`${name}-dir/keep`),
      raw(`kept-${name}`),
    ]);
    const hides = names.flatMap((name) => [raw(`d/.wh.${name}`), raw(`${name}-dir/.wh.in`)]);
    const image = await load([...below, ...files], hides);
    const left = names.flatMap((name) => [`${name}-dir`, `${name}-dir/keep`, `kept-${name}`]);
    expect(seen(image)).toEqual([...all, ...left].sort());
  });
});

describe("layers in great number", () => {
  const file = (at: number) => [{ name: `f${at}` }];
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

  test("run as far as they load, whatever the working directory was", async () => {
    const image = await load(...numbers(limits.layers).map(file));
    expect(image.layers).toHaveLength(127);
    const here = join(lab().world, "here");
    mkdirSync(here);
    const before = process.cwd();
    process.chdir(here);
    try {
      expect(seen(image)).toEqual(
        numbers(127)
          .map((at) => `f${at}`)
          .sort(),
      );
      expect(process.cwd()).toBe(here);
      expect(readdirSync("/proc/self/cwd")).toEqual([]);
    } finally {
      process.chdir(before);
    }
  }, 120_000);

  test("are refused beyond, with their number, before one of them is unpacked", async () => {
    await expect(load(...numbers(141).map(file))).rejects.toMatchObject({
      kind: "invalid-input",
      code: "TSD_IMAGE_TOO_MUCH",
      message: expect.stringMatching(/ has 141 layers in one image, and 127 is the most$/),
    });
    expect(lab().layers()).toEqual([]);
  });
});

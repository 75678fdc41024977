import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { layerPath } from "../../../src/runtime/images/layer-path.js";
import { buildDockerArchive } from "../../support/image-archives.js";
import { useImageLab } from "../../support/image-lab.js";
import { buildTar, digestOf } from "../../support/tar-builder.js";

const lab = useImageLab();
const base = buildTar([
  { name: "bin/", type: "5" },
  { name: "bin/sh", data: "#!", mode: 0o755 },
]);
const upper = buildTar([{ name: "bin/app", data: "app" }, { name: "bin/.wh.sh" }]);

describe("remove", () => {
  test("takes one name, then the image with the layers that no other uses", async () => {
    const archive = buildDockerArchive([
      { layers: [base], names: ["base"] },
      { layers: [base, upper], names: ["app:1", "app:2"] },
    ]);
    await lab().images.load({ from: lab().write(archive) });
    expect((await lab().images.remove("app:1")).names).toEqual(["app:2"]);
    expect(lab().layers()).toHaveLength(2);
    expect((await lab().images.remove("app:2")).names).toEqual([]);
    expect(
      lab()
        .images.list()
        .map(({ names }) => names),
    ).toEqual([["base:latest"]]);
    expect(lab().layers()).toEqual([digestOf(base).slice(7, 23)]);
    await lab().images.remove("base");
    expect(lab().layers()).toEqual([]);
    expect(readdirSync(join(lab().store, "records"))).toEqual([]);
    lab().expectNothingUnfinished();
  });

  test("by id, unless several names are on it", async () => {
    const [image] = await lab().images.load({
      from: lab().write(buildDockerArchive([{ layers: [base], names: ["a", "b"] }])),
    });
    const id = image?.id.slice(0, 12) ?? "";
    await expect(lab().images.remove(id)).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringContaining("a:latest, b:latest"),
    });
    await lab().images.remove("a");
    await lab().images.remove(id);
    expect(lab().images.list()).toEqual([]);
  });

  test("refuses the last name of an image in use, naming the container", async () => {
    await lab().images.load({ from: lab().write(buildDockerArchive([{ layers: [base], names: ["a", "b"] }])) });
    lab().user = "web";
    await lab().images.remove("a");
    await expect(lab().images.remove("b")).rejects.toMatchObject({
      kind: "conflict",
      message: "image b is used by container web",
    });
    expect(lab().layers()).toHaveLength(1);
    await expect(lab().images.remove("none")).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("after a crash", () => {
  test("the next import sweeps what a dead process left, and nothing of a living one", async () => {
    const living = `${process.pid}.${ownStart()}.feed`;
    for (const name of [living, `${process.pid}.1.dead`, "4000000.5.dead"])
      mkdirSync(join(lab().store, "work", name, "0"), { recursive: true });
    await lab().images.import({ from: lab().write(base) }, "a");
    expect(readdirSync(join(lab().store, "work"))).toEqual([living]);
  });

  test("a layer without an image goes, unless somebody may be about to use it", async () => {
    const lost = join(lab().store, "layers", "0123456789abcdef");
    const work = join(lab().store, "work", `${process.pid}.${ownStart()}.feed`);
    mkdirSync(lost, { recursive: true });
    mkdirSync(work, { recursive: true });
    await lab().images.import({ from: lab().write(base) }, "a");
    expect(existsSync(lost)).toBe(true);
    rmSync(work, { recursive: true });
    await lab().images.import({ from: lab().write(base) }, "a");
    expect(existsSync(lost)).toBe(false);
    expect(lab().layers()).toEqual([digestOf(base).slice(7, 23)]);
  });
});

function ownStart(): string {
  const stat = readFileSync("/proc/self/stat", "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

test("two processes' worth of loads and removals at once end whole", async () => {
  const archive = lab().write(buildDockerArchive([{ layers: [base, upper], names: ["app"] }]));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, async (_, turn) =>
      turn % 3 === 2 ? await lab().images.remove("app") : await lab().images.load({ from: archive }),
    ),
  );
  for (const outcome of outcomes)
    if (outcome.status === "rejected")
      expect(outcome.reason).toMatchObject({ kind: expect.stringMatching(/^(not-found|conflict)$/) });
  for (const diffId of lab()
    .images.list()
    .flatMap((image) => image.layers))
    expect(existsSync(layerPath(lab().store, diffId))).toBe(true);
  lab().expectNothingUnfinished();
});

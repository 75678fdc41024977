import { expect, test } from "@jest/globals";
import { loadedAtOnce } from "../../../script/esbuild/loaded-at-once.js";
import { programFiles } from "../../../script/esbuild/program-files.js";
import { expectGolden } from "../../support/engine/golden-file.js";

/** Sizes grow by little things: more than this is a matter to look at. */
const STEP = 16 * 1024;

test("files of dist/ evaluate, as they load, no part and no weight that was not meant", async () => {
  const described = await Promise.all(
    programFiles.map(async (file) => {
      const { bytes, parts } = await loadedAtOnce(file);
      return `${file.outfile}, up to ${(Math.ceil(bytes / STEP) * STEP) / 1024} KiB\n  ${parts.join("\n  ")}\n`;
    }),
  );
  expectGolden(new URL("start-up.golden.txt", import.meta.url), described.join("\n"));
});

test("what is imported at the top of a module counts, and what is behind import() does not", async () => {
  const lazy = 'export const lazy = () => import("./src/store/errors.ts");';
  const file = (contents: string) => ({
    bundle: true,
    absWorkingDir: process.cwd(),
    platform: "node" as const,
    format: "esm" as const,
    stdin: { contents, resolveDir: "." },
    external: ["koffi"],
  });
  expect((await loadedAtOnce(file(lazy))).parts).toEqual(["<stdin>"]);
  const eager = await loadedAtOnce(file(`${lazy} export * from "./src/store/errors.ts";`));
  expect(eager.parts).toEqual(["<stdin>", "node:fs", "node:path", "src/errors", "src/store"]);
});

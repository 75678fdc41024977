/**
 * Makes one module of all files of test/vm, with a small runner in place of jest, whose own start takes minutes under emulation.
 * Argument: the file to write.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { nativeKoffi } from "../esbuild/native-koffi.ts";

const root = resolve(import.meta.dirname, "../..");
const [outfile = ""] = process.argv.slice(2);

/** Tests start programs that lie beside them: each file keeps its own place. */
const ownPlace: Plugin = {
  name: "own-place",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/(test|src\/testing)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path)))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      loader: "ts",
    })),
};

const files = globSync(`${root}/test/vm/*.test.ts`).sort();
const list = files.map((file) => {
  const name = relative(`${root}/test/vm`, file).replace(/\.test\.ts$/, "");
  return `${JSON.stringify(name)}: () => import(${JSON.stringify(file)})`;
});

await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      import { runFiles } from "./test/vm/runner/run-files.ts";
      // Whatever still runs ends with the virtual machine.
      process.exit(await runFiles({ ${list.join(", ")} }, new RegExp(process.argv[2].trim())));`,
    resolveDir: root,
  },
  outfile,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  logLevel: "warning",
  alias: { "@jest/globals": `${root}/test/vm/runner/jest-globals.ts` },
  plugins: [ownPlace, nativeKoffi],
  // What packages written for CommonJS take for granted.
  banner: {
    js: `import { createRequire } from "node:module";
      const [require, __dirname] = [createRequire(import.meta.url), import.meta.dirname];`,
  },
});

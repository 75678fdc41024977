/**
 * Makes the executable, `dist/tsd` or at another path: one file with all of the command line, its adapters and the runtime; and
 * `licences.txt` beside it.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { embeddedKoffi } from "../esbuild/embedded-koffi.ts";
import { inPlaceOf } from "../esbuild/in-place-of.ts";
import { lazyBuiltins } from "../esbuild/lazy-builtins.ts";
import { lazyRequires } from "../esbuild/lazy-requires.ts";
import { oclifParts } from "../esbuild/oclif-parts.ts";
import { root, shared, unreached } from "../esbuild/settings.ts";
import { type Compiler, installCompiler } from "./compiler.ts";
import { licencesOf } from "./licences.ts";

/** Names by which launchers call the executable, for programs in place of the command line. */
const otherNames = ["tsd-cni", "tsd-netavark"];

/** What differs from Node.js: each file says why. */
const substitutes = Object.fromEntries(
  ["installation", "kernel/programs/pipe-streams", "plugins/end-loop", "plugins/installed/module-loading"].map(
    (path) => [`src/${path}.ts`, `src/executable/${basename(path)}.ts`],
  ),
);

/** The runtime must not read settings of its own where a user may write. Plug-ins find their packages by package.json. */
const files = [
  ...["dotenv", "bunfig", "tsconfig"].map((kind) => `--no-compile-autoload-${kind}`),
  "--compile-autoload-package-json",
];

const file = resolve(process.argv[2] ?? `${root}/dist/tsd`);
mkdirSync(dirname(file), { recursive: true });
const compiler = installCompiler(`${root}/.runtime/compiler`);
const work = mkdtempSync(join(tmpdir(), "tsd-executable-"));
try {
  const { metafile } = await build({
    ...shared,
    metafile: true,
    format: "cjs",
    target: "esnext",
    minify: true,
    entryPoints: ["src/executable/main.ts"],
    outfile: `${work}/main.cjs`,
    external: unreached,
    // Nothing of the executable lies anywhere: src/executable/installation.ts says what stands for it.
    define: { __dirname: '"/"', __filename: '"/tsd"' },
    logOverride: { "empty-import-meta": "error" },
    plugins: [inPlaceOf(substitutes), embeddedKoffi, oclifParts, lazyBuiltins, lazyRequires],
  });
  copyFileSync(koffiBinary(compiler.libc), `${work}/koffi.addon`);
  execFileSync(
    compiler.path,
    [
      ...["build", "--compile", "--bytecode", "--format=cjs", "--target=bun", "--loader=.addon:file"],
      ...files,
      ...unreached.map((name) => `--external=${name}`),
      ...["--outfile", file, "main.cjs"],
    ],
    { cwd: work, stdio: ["ignore", "ignore", "inherit"] },
  );
  writeFileSync(join(dirname(file), "licences.txt"), licencesOf(Object.keys(metafile.inputs)));
} finally {
  rmSync(work, { recursive: true });
}
for (const name of otherNames) {
  const link = join(dirname(file), name);
  rmSync(link, { force: true });
  symlinkSync(basename(file), link);
}

/** The path of koffi's add-on for this processor. */
function koffiBinary(libc: Compiler["libc"]): string {
  const { arch } = process;
  return createRequire(import.meta.url).resolve(`@koromix/koffi-linux-${arch}/${libc}_${arch}/koffi.node`);
}

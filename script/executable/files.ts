import { basename } from "node:path";
import type { BuildOptions } from "esbuild";
import { embeddedKoffi, koffi } from "../esbuild/embedded-koffi.ts";
import { inPlaceOf } from "../esbuild/in-place-of.ts";
import { lazyBuiltins } from "../esbuild/lazy-builtins.ts";
import { programFiles } from "../esbuild/program-files.ts";
import { apart, commonJs } from "../esbuild/settings.ts";

/** What differs from Node.js: each file says why. */
const substitutes = Object.fromEntries(
  [
    "installation",
    "kernel/libc",
    "kernel/programs/pipe-streams",
    "plugins/end-loop",
    "plugins/installed/module-loading",
  ].map((path) => [`src/${path}.ts`, `src/executable/${basename(path)}.ts`]),
);

/** What is in the executable alone: which program it is, and what Node.js has as modules of the library. */
const ownFiles: readonly BuildOptions[] = [
  {
    entryPoints: ["src/executable/main.ts"],
    outfile: "main.cjs",
    plugins: [
      ...["cli", "cni", "netavark", "probe"].map((name) => apart(`../${name}.js`, `./${name}.cjs`)),
      apart("../resolver-main.js", "./resolver.cjs"),
      apart("../timers-main.js", "./timers.cjs"),
      apart("../agent-main.js", "./agent.cjs"),
      apart("./kit-programs.js", "./kit-programs.cjs"),
    ],
  },
  { entryPoints: ["src/executable/kit-programs.ts"], outfile: "kit-programs.cjs" },
  {
    entryPoints: ["src/index.ts"],
    outfile: "index.cjs",
    plugins: [apart("./composition/open-tsd.js", "./library.cjs")],
  },
  { entryPoints: ["src/testing/index.ts"], outfile: "testing.cjs" },
  koffi,
];

/** All files of the executable, to be written into a directory. `main.cjs` is the first of them to load. */
export function executableFiles(directory: string): readonly BuildOptions[] {
  return [...programFiles, ...ownFiles].map(({ plugins = [lazyBuiltins], outfile = "", ...file }) => ({
    ...commonJs,
    ...file,
    target: "esnext",
    metafile: true,
    outfile: `${directory}/${basename(outfile)}`,
    // Nothing of the executable lies anywhere: src/executable/installation.ts says what stands for it.
    define: { __dirname: '"/"', __filename: '"/tsd"' },
    logOverride: { "empty-import-meta": "error" },
    plugins: [
      inPlaceOf(substitutes),
      apart("../testing/index.js", "./testing.cjs"),
      apart("../../testing/index.js", "./testing.cjs"),
      embeddedKoffi,
      ...plugins,
      // What plug-ins import. The command line has the library itself in its place.
      apart("../index.js", "./index.cjs"),
    ],
  }));
}

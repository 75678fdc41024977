/**
 * Makes dist/: the command line as two CommonJS files (they load faster than ES modules and serve old versions of
 * Node.js an error in words), the library as ES modules with their declarations.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { lazyRequires } from "./esbuild/lazy-requires.ts";
import { nativeKoffi } from "./esbuild/native-koffi.ts";
import { oclifParts } from "./esbuild/oclif-parts.ts";

const root = `${import.meta.dirname}/..`;
const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  outdir: "dist",
  logLevel: "warning",
  legalComments: "none",
};
const commonJs: BuildOptions = {
  ...shared,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.dirname": "__dirname" },
};

/** Keeps the command line out of the entry's file: the compile cache serves only what is loaded after it. */
const cliApart: Plugin = {
  name: "cli-apart",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/cli\.js$/ }, () => ({
      path: "./cli.cjs",
      external: true,
    }));
  },
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await Promise.all([
  build({
    ...commonJs,
    entryPoints: { tsd: "src/main.ts" },
    target: "node12",
    supported: { "dynamic-import": false },
    plugins: [cliApart],
  }),
  build({
    ...commonJs,
    entryPoints: { cli: "src/cli.ts" },
    target: "node24",
    minify: true,
    keepNames: true,
    plugins: [oclifParts, lazyRequires, nativeKoffi],
  }),
  build({
    ...shared,
    entryPoints: { index: "src/index.ts", api: "src/api/index.ts" },
    format: "esm",
    target: "node24",
    packages: "external",
    splitting: true,
    chunkNames: "[name]-[hash]",
  }),
]);
execFileSync("tsc", ["--project", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});

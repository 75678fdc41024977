/**
 * Makes dist/: the command line as CommonJS files (they load faster than ES modules, and serve old versions of Node.js
 * an error in words), the library as ES modules with their declarations. With `--executable` the command line is one program
 * besides, which needs no Node.js.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { lazyBuiltins } from "./esbuild/lazy-builtins.ts";
import { lazyRequires } from "./esbuild/lazy-requires.ts";
import { nativeKoffi } from "./esbuild/native-koffi.ts";
import { oclifParts } from "./esbuild/oclif-parts.ts";
import { apart, commonJs, root, shared, unreached } from "./esbuild/settings.ts";

/** Processes that the conformance kit starts. */
const kitPrograms = Object.fromEntries(
  ["traffic-agent", "verify-process", "doomed-process"].map((name) => [name, `src/testing/programs/${name}.ts`]),
);

rmSync(`${root}/dist`, { recursive: true, force: true });
await Promise.all([
  // The compile cache serves only what is loaded after the entry has turned it on.
  build({
    ...commonJs,
    entryPoints: ["src/main.ts"],
    outfile: "dist/tsd.cjs",
    target: "node12",
    plugins: [apart("./cli.js", "./cli.cjs")],
  }),
  build({
    ...commonJs,
    entryPoints: ["src/cni-main.ts"],
    outfile: "dist/tsd-cni.cjs",
    target: "node12",
  }),
  build({
    ...commonJs,
    entryPoints: ["src/cni.ts"],
    outfile: "dist/cni.cjs",
    plugins: [apart("./index.js", "./library.cjs"), apart("./kernel/programs/exec.js", "./library.cjs"), lazyBuiltins],
  }),
  build({
    ...commonJs,
    entryPoints: ["src/cli.ts"],
    outfile: "dist/cli.cjs",
    external: unreached,
    plugins: [
      apart("../index.js", "./library.cjs"),
      apart("../../testing/index.js", "./testing.js"),
      apart("../../adapters/docker/serve.js", "./docker.cjs"),
      oclifParts,
      lazyBuiltins,
      lazyRequires,
    ],
  }),
  build({
    ...commonJs,
    entryPoints: ["src/adapters/docker/serve.ts"],
    outfile: "dist/docker.cjs",
    plugins: [apart("../../kernel/files/file-lock.js", "./library.cjs"), lazyBuiltins],
  }),
  build({
    ...commonJs,
    entryPoints: ["src/netavark-main.ts"],
    outfile: "dist/tsd-netavark.cjs",
    target: "node12",
  }),
  build({
    ...commonJs,
    entryPoints: ["src/netavark.ts"],
    outfile: "dist/netavark.cjs",
    plugins: [
      apart("./index.js", "./library.cjs"),
      apart("./kernel/programs/daemon.js", "./library.cjs"),
      lazyBuiltins,
    ],
  }),
  // src/index.ts for programs of tsd's own, which have decided to load all of it.
  build({
    ...commonJs,
    stdin: {
      contents: `
        export { openTsd } from "./src/composition/open-tsd.ts";
        export { exec } from "./src/kernel/programs/exec.ts";
        export { tryLock } from "./src/kernel/files/file-lock.ts";
        export { startDaemon } from "./src/kernel/programs/daemon.ts";`,
      resolveDir: root,
    },
    outfile: "dist/library.cjs",
    plugins: [
      apart("execa", "./execa.cjs"),
      apart("../engine/explain/explain.js", "./explain.cjs"),
      lazyBuiltins,
      nativeKoffi,
    ],
  }),
  // Every byte of library.cjs costs every command: what is pure and seldom needed is a file of its own.
  build({
    ...commonJs,
    entryPoints: ["src/engine/explain/explain.ts"],
    outfile: "dist/explain.cjs",
    plugins: [lazyBuiltins],
  }),
  build({
    ...commonJs,
    stdin: { contents: `export { execa } from "execa";`, resolveDir: root },
    outfile: "dist/execa.cjs",
    plugins: [lazyBuiltins],
  }),
  build({ ...commonJs, entryPoints: ["src/probe.ts"], outfile: "dist/probe.cjs" }),
  build({ ...commonJs, entryPoints: ["src/resolver-main.ts"], outfile: "dist/resolver.cjs", plugins: [nativeKoffi] }),
  build({
    ...shared,
    entryPoints: { index: "src/index.ts", api: "src/api/index.ts", testing: "src/testing/index.ts", ...kitPrograms },
    outdir: "dist",
    format: "esm",
    target: "node24",
    packages: "external",
    splitting: true,
    chunkNames: "[name]-[hash]",
  }),
]);
execFileSync("tsc", ["--project", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (process.argv.includes("--executable")) {
  execFileSync(process.execPath, [`${root}/script/executable/make.ts`], { cwd: root, stdio: "inherit" });
}

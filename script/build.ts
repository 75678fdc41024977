/**
 * Makes dist/: the command line as CommonJS files (they load faster than ES modules, and serve old versions of Node.js
 * an error in words), the library as ES modules with their declarations; and the command line as one program that needs no
 * Node.js. `--no-executable` leaves that out. Without `--executable` it is also left out, with a remark, where its compiler cannot
 * be had.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { programFiles } from "./esbuild/program-files.ts";
import { commonJs, root, shared } from "./esbuild/settings.ts";

/** Processes that the conformance kit starts. */
const kitPrograms = Object.fromEntries(
  ["traffic-agent", "verify-process", "doomed-process"].map((name) => [name, `src/testing/programs/${name}.ts`]),
);

rmSync(`${root}/dist`, { recursive: true, force: true });
await Promise.all([
  // Launchers, which load the files below with the code that earlier processes compiled.
  ...[
    { entryPoints: ["src/main.ts"], outfile: "dist/tsd.cjs" },
    { entryPoints: ["src/cni-main.ts"], outfile: "dist/tsd-cni.cjs" },
    { entryPoints: ["src/netavark-main.ts"], outfile: "dist/tsd-netavark.cjs" },
  ].map((launcher) => build({ ...commonJs, target: "node12", ...launcher })),
  ...programFiles.map((file) => build(file)),
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
if (!process.argv.includes("--no-executable")) makeExecutable(process.argv.includes("--executable"));

function makeExecutable(isRequired: boolean): void {
  const { status } = spawnSync(process.execPath, [`${root}/script/executable/make.ts`], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) return;
  process.stderr.write("build: dist/tsd was not made, so bin/tsd uses Node.js: see docs/EXECUTABLE.md\n");
  if (isRequired) process.exitCode = 1;
}

/**
 * Holds the import walls of .dependency-cruiser.mjs. dependency-cruiser reads TypeScript through a compiler API that
 * TypeScript 7 does not have, or a visitor of swc's that stops at `using`; so it is shown JavaScript files of the same
 * names which hold the imports alone.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { importsOf } from "./imports-of.ts";

const project = resolve(import.meta.dirname, "../..");
const root = resolve(process.argv[2] ?? project);
const mirror = `${project}/.cache/walls-${process.pid}`;
const folders = ["src", "test", "script", "bench"];

function filesIn(extension: string): readonly string[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.${extension}`),
    { cwd: root },
  );
}

function mirrorImports(file: string): void {
  const lines = importsOf(readFileSync(`${root}/${file}`, "utf8")).map(({ module, atRunTime }) => {
    const mirrored = JSON.stringify(module.replace(/^(\..*)\.ts$/, "$1.js"));
    return atRunTime ? `await import(${mirrored});` : `import ${mirrored};`;
  });
  const target = `${mirror}/${file.replace(/\.ts$/, ".js")}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, lines.join("\n"));
}

try {
  for (const file of filesIn("ts")) mirrorImports(file);
  for (const file of filesIn("json")) cpSync(`${root}/${file}`, `${mirror}/${file}`);
  cpSync(`${project}/package.json`, `${mirror}/package.json`);
  const present = folders.filter((folder) => existsSync(`${mirror}/${folder}`));
  const config = `${project}/.dependency-cruiser.mjs`;
  const { status } = spawnSync("depcruise", ["--config", config, "--output-type", "err-long", ...present], {
    cwd: mirror,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(mirror, { recursive: true, force: true });
}

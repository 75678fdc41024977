/**
 * Compares what programs get from tsd's entry points with docs/api, so that no type of theirs changes unnoticed.
 * `TSD_UPDATE_GOLDEN=1` writes docs/api.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { emitDeclarations } from "./emit-declarations.ts";
import { type Surface, surfaceOf } from "./surface-of.ts";

const root = resolve(process.argv[2] ?? `${import.meta.dirname}/../..`);
const files = emitDeclarations(root, ["index.ts", "api/index.ts", "testing/index.ts"]);
const api = surfaceOf(files, "api/index.d.ts");
const whole = surfaceOf(files, "index.d.ts");

/** The main entry point exports the other one, which is not written twice. */
const passedOn = [...api].every(([name, text]) => whole.get(name) === text);
const added = new Map([...whole].filter(([name]) => !(passedOn && api.has(name))));

check("docs/api/api.d.ts", "@tsdnet/tsd/api", reportOf(api));
check("docs/api/index.d.ts", "@tsdnet/tsd", [...(passedOn ? [`export * from "./api.js";\n`] : []), ...reportOf(added)]);
check("docs/api/testing.d.ts", "@tsdnet/tsd/testing", reportOf(surfaceOf(files, "testing/index.d.ts")));

function reportOf(surface: Surface): readonly string[] {
  return [...surface.values()].map((text) => `${text}\n`);
}

function check(file: string, entry: string, parts: readonly string[]): void {
  const path = `${root}/${file}`;
  const text = [`// What ${entry} declares. TSD_UPDATE_GOLDEN=1 script/check writes this file.\n`, ...parts].join("\n");
  if (process.env.TSD_UPDATE_GOLDEN === "1") {
    mkdirSync(`${root}/docs/api`, { recursive: true });
    writeFileSync(path, text);
  }
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  const difference = [
    "diff",
    "--no-index",
    "--no-color",
    "--unified=2",
    "--",
    existsSync(path) ? path : "/dev/null",
    "-",
  ];
  console.log(spawnSync("git", difference, { encoding: "utf8", input: text }).stdout);
  console.log(`${file} is not what ${entry} declares now. Programs of others stand on it.
If the change is meant, renew the file: TSD_UPDATE_GOLDEN=1 script/check, and commit it.`);
  process.exitCode = 1;
}

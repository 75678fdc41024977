import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { importsOf } from "../walls/imports-of.ts";

/**
 * The declarations of TypeScript sources and of what they import, without comments, by path below `root`/src
 * (`api/tsd.d.ts`). Each file is compiled by itself: nothing is checked here, so this takes a moment.
 */
export function emitDeclarations(root: string, entries: readonly string[]): ReadonlyMap<string, string> {
  const sources = withImports(entries.map((entry) => join(root, "src", entry)));
  mkdirSync(join(root, ".cache"), { recursive: true });
  const directory = mkdtempSync(join(root, ".cache/declarations-"));
  try {
    compile(root, directory, sources);
    const emitted = sources.map((source) => relative(join(root, "src"), source).replace(/\.ts$/, ".d.ts"));
    return new Map(emitted.map((file) => [file, readFileSync(join(directory, file), "utf8")]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What is imported at run time only is no part of a declaration. */
function withImports(entries: readonly string[]): readonly string[] {
  const sources = new Set(entries);
  for (const source of sources) {
    for (const { module, atRunTime } of importsOf(readFileSync(source, "utf8"))) {
      if (!atRunTime && module.startsWith(".")) sources.add(join(dirname(source), module.replace(/\.js$/, ".ts")));
    }
  }
  return [...sources];
}

function compile(root: string, directory: string, sources: readonly string[]): void {
  const alone = ["--ignoreConfig", "--noCheck", "--noResolve", "--types", "", "--isolatedDeclarations"];
  const kind = ["--target", "es2024", "--lib", "es2024,esnext.disposable", "--module", "nodenext"];
  const output = ["--declaration", "--emitDeclarationOnly", "--removeComments", "--outDir", directory];
  const { status, stdout } = spawnSync("tsc", [...alone, ...kind, ...output, "--rootDir", "src", ...sources], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`tsc made no declarations:\n${stdout}`);
}

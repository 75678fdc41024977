import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { root } from "../esbuild/settings.ts";

/** Where an executable is to run, in npm's words. */
export interface Target {
  readonly cpu: string;
  readonly libc: string;
}

/** What an executable is made of, beside code of tsd's: the runtime also compiles, on a machine like its own. */
export interface Runtime {
  readonly bun: string;
  /** koffi's add-on. */
  readonly koffi: string;
}

export const thisMachine: Target = { cpu: process.arch, libc: libcOfNode() };

const listed = `${root}/script/compiler`;

/** Has npm install what is missing, below .runtime: a package for each processor and C library. */
export function installRuntime(target: Target): Runtime {
  const isThis = target.cpu === thisMachine.cpu && target.libc === thisMachine.libc;
  const directory = `${root}/.runtime/compiler${isThis ? "" : `-${target.cpu}-${target.libc}`}`;
  installListed(directory, listed, ["ci", ...wordsFor(target)]);
  const [name = ""] = readdirSync(`${directory}/node_modules/@oven`);
  const isMusl = name.endsWith("-musl");
  if (isMusl !== (target.libc === "musl")) throw new Error(`npm has no Bun for ${target.cpu} with ${target.libc}`);
  const packages = target.cpu === thisMachine.cpu ? root : installLibrary(target);
  const { resolve } = createRequire(`${packages}/package.json`);
  return {
    bun: `${directory}/node_modules/@oven/${name}/bin/bun`,
    koffi: resolve(`@koromix/koffi-linux-${target.cpu}/${isMusl ? "musl" : "linux"}_${target.cpu}/koffi.node`),
  };
}

/** The packages of the library as another processor has them. Not `ci`, as in script/bootstrap. */
function installLibrary(target: Target): string {
  const directory = `${root}/.runtime/library-${target.cpu}`;
  installListed(directory, root, ["install", "--no-save", "--omit=dev", ...wordsFor(target)]);
  return directory;
}

function libcOfNode(): string {
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

function wordsFor({ cpu, libc }: Target): readonly string[] {
  return ["--ignore-scripts", "--os=linux", `--cpu=${cpu}`, `--libc=${libc}`];
}

function installListed(directory: string, from: string, words: readonly string[]): void {
  const files = ["package.json", "package-lock.json"];
  const isSame = (name: string): boolean =>
    existsSync(`${directory}/${name}`) && textOf(directory, name) === textOf(from, name);
  if (existsSync(`${directory}/node_modules`) && files.every(isSame)) return;
  mkdirSync(directory, { recursive: true });
  for (const name of files) copyFileSync(`${from}/${name}`, `${directory}/${name}`);
  execFileSync(`${root}/script/npm`, [...words, "--prefix", directory], { stdio: "inherit" });
}

function textOf(directory: string, name: string): string {
  return readFileSync(`${directory}/${name}`, "utf8");
}

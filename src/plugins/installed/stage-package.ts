import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { type Manifest, readManifest } from "./manifest.js";
import { fetchPackage, installDependencies } from "./npm.js";
import { copyTree, MOST_BYTES, tooMuch } from "./plain-tree.js";
import { pluginError } from "./plugin-error.js";
import type { Source } from "./source-kind.js";
import { unpackPackage } from "./unpack-package.js";

/** A plug-in's files, complete, and not yet among the others. */
export interface StagedPackage {
  readonly directory: string;
  /** Path of its module in the directory. */
  readonly entry: string;
  /** Absent for a single file. */
  readonly manifest?: Manifest;
}

/** Puts a plug-in and what it depends on into a directory below `staging`. Runs nothing of it. Throws `plugin`. */
export async function stagePackage({ kind, source }: Source, staging: string): Promise<StagedPackage> {
  const directory = `${staging}/package`;
  if (kind === "file") return stageFile(source, directory);
  if (kind === "folder") {
    const { name } = manifestIn(source, source);
    copy(source, directory, () => copyTree(source, directory, name));
  } else await unpackPackage(kind === "tarball" ? source : await fetchPackage(source, staging), directory);
  const manifest = manifestIn(directory, source);
  if (manifest.hasDependencies) await installDependencies(directory, manifest.name);
  if (statSync(`${directory}/${manifest.entry}`, { throwIfNoEntry: false })?.isFile() !== true) {
    throw noModule(manifest);
  }
  return { directory, entry: manifest.entry, manifest };
}

/** The package.json of a directory. `from` names the package in errors. */
export function manifestIn(directory: string, from: string): Manifest {
  const path = `${directory}/package.json`;
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isFile() !== true) {
    throw pluginError(from, {
      code: "TSD_PLUGIN_MANIFEST",
      message: `plug-in "${from}" has no package.json`,
      hint: "Add a folder that has one, or a single file; tsd plugin new writes a whole project.",
    });
  }
  if (status.size > MOST_BYTES) throw tooMuch(from, `more than ${MOST_BYTES / 1024 ** 2} MiB`);
  return readManifest(readFileSync(path, "utf8"), from);
}

/** Node.js finds out whether it is an ES module: package.json says neither. */
function stageFile(source: string, directory: string): StagedPackage {
  if (statSync(source).size > MOST_BYTES) throw tooMuch(source, `more than ${MOST_BYTES / 1024 ** 2} MiB`);
  const entry = `plugin${extname(source)}`;
  copy(source, directory, () => {
    mkdirSync(directory, { mode: 0o700 });
    copyFileSync(source, `${directory}/${entry}`);
    writeFileSync(`${directory}/package.json`, "{}\n");
  });
  return { directory, entry };
}

function copy(from: string, to: string, work: () => void): void {
  boundaryOperation({ into: "file", what: () => `copy ${from} to ${to}` }, work);
}

function noModule({ name, entry }: Manifest): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_MANIFEST",
    message: `plug-in "${name}" has no file ${entry}, which its package.json names as its module`,
    hint: "Build it first, or correct the field exports or main.",
    details: { entry },
  });
}

import { createHash } from "node:crypto";
import {
  copyFileSync,
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { pluginError } from "./plugin-error.js";

/** Bytes of all files of a plug-in, and of its dependencies. */
export const MOST_BYTES = 64 * 1024 ** 2;
const MOST_FILES = 20_000;
const DEEPEST = 32;

interface PlainFile {
  /** Below the directory. */
  readonly path: string;
  readonly size: number;
}

interface Walk {
  readonly directory: string;
  /** Whose files they are, for errors. */
  readonly name: string;
  /** Names that are passed over, wherever they stand. */
  readonly without?: readonly string[];
  /** Links that lead to a file of the same directory count as that file. */
  readonly followsLinks?: boolean;
}

/** All files below a directory, in the order of their paths. Throws `plugin` for anything else there, and for too much. */
function filesOf({ directory, name, without = [], followsLinks = false }: Walk): readonly PlainFile[] {
  const files: PlainFile[] = [];
  let size = 0;
  const add = (path: string): void => {
    const file = { path, size: statSync(join(directory, path)).size };
    files.push(file);
    size += file.size;
    if (size > MOST_BYTES) throw tooMuch(name, `more than ${MOST_BYTES / 1024 ** 2} MiB`);
    if (files.length > MOST_FILES) throw tooMuch(name, `more than ${MOST_FILES} files`);
  };
  const visit = (below: string, depth: number): void => {
    if (depth > DEEPEST) throw tooMuch(name, `directories more than ${DEEPEST} deep`);
    for (const entry of entriesOf(join(directory, below))) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (without.includes(entry.name)) continue;
      if (entry.isDirectory()) visit(path, depth + 1);
      else if (entry.isFile() || (followsLinks && entry.isSymbolicLink() && leadsToFile(directory, path))) add(path);
      else throw odd(name, path, entry);
    }
  };
  visit("", 0);
  return files;
}

function entriesOf(directory: string): readonly Dirent[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function leadsToFile(directory: string, path: string): boolean {
  try {
    const target = realpathSync(join(directory, path));
    return target.startsWith(`${realpathSync(directory)}/`) && lstatSync(target).isFile();
  } catch {
    return false;
  }
}

/** Copies what a package of that folder would have: all but its installed dependencies and its history. */
export function copyTree(from: string, to: string, name: string): void {
  const files = filesOf({ directory: from, name, without: ["node_modules", ".git"], followsLinks: true });
  mkdirSync(to, { mode: 0o700 });
  for (const { path } of files) {
    mkdirSync(join(to, path, ".."), { recursive: true, mode: 0o700 });
    copyFileSync(join(from, path), join(to, path));
  }
}

/** Hexadecimal SHA-256 of paths and contents. Throws as {@link filesOf} does. */
export function digestOf(directory: string, name: string): string {
  const hash = createHash("sha256");
  for (const { path, size } of filesOf({ directory, name })) {
    hash.update(`${path}\0${size}\0`).update(readFileSync(join(directory, path)));
  }
  return hash.digest("hex");
}

export function tooMuch(name: string, what: string): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_TOO_LARGE",
    message: `plug-in "${name}" has ${what}`,
    hint: "Leave out what the plug-in does not need to run.",
  });
}

function odd(name: string, path: string, entry: Dirent): Error {
  const what = entry.isSymbolicLink() ? "a link that leads elsewhere" : "neither a file nor a directory";
  return pluginError(name, {
    code: "TSD_PLUGIN_FILES",
    message: `plug-in "${name}" has "${path}", which is ${what}`,
    hint: "Put a file in its place, or leave it out.",
    details: { path },
  });
}

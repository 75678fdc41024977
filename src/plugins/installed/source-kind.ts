import { statSync } from "node:fs";
import { extname, isAbsolute } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";

/** What `tsd plugin add` is given. */
export interface Source {
  readonly kind: "folder" | "tarball" | "file" | "package";
  /** Absolute path, or the name of a package. */
  readonly source: string;
}

const MODULES = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]);
const TARBALL = /\.(tgz|tar|tar\.gz)$/;

/** A name of npm's registry, with a version or a tag. It can be no option, path or address. */
const packageSpec = /^(@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*(@[\w.^~<>=*+-]+)?$/i;

/** Throws `not-found` for a path where nothing is, `invalid-input` for what is no plug-in. */
export function sourceOf(source: string): Source {
  if (!isAbsolute(source)) {
    if (packageSpec.test(source)) return { kind: "package", source };
    throw invalid(source, "neither a file nor the name of a package");
  }
  const status = statSync(source, { throwIfNoEntry: false });
  if (status === undefined) throw absent(source);
  if (status.isDirectory()) return { kind: "folder", source };
  if (!status.isFile()) throw invalid(source, "neither a file nor a directory");
  if (TARBALL.test(source)) return { kind: "tarball", source };
  if (MODULES.has(extname(source))) return { kind: "file", source };
  throw invalid(source, "neither a tarball nor a module");
}

function absent(path: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_PLUGIN_SOURCE_ABSENT",
    message: `there is no plug-in at ${path}: nothing is there`,
    hint: "Name a folder, a tarball, a file, or a package of npm's registry.",
    details: { path },
  });
}

function invalid(source: string, what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PLUGIN_SOURCE_INVALID",
    message: `"${source}" is no plug-in: it is ${what}`,
    hint: "Name a folder with a package.json, a .tgz of npm pack, a .ts, .js or .mjs file, or a package such as my-driver@1.2.",
    details: { source },
  });
}

import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Drift } from "../api/provider.js";
import type { File } from "../api/resource.js";
import { fileError } from "./errno.js";
import { formatMode, pathConflict, statusOf, typeOf } from "./path-status.js";

const DEFAULT_MODE = 0o600;

/**
 * Writes the file whole or not at all: beside its place, then renamed into it. A file that is right is not touched.
 * Throws `conflict` where the path is something else than a file.
 */
export function ensureFile(resource: File): void {
  const { path, content, mode = DEFAULT_MODE } = resource;
  const status = statusOf(path);
  if (status !== undefined && !status.isFile()) throw pathConflict(path, status, "a file");
  if (inspectFile(resource) === undefined) return;
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, content, { mode });
    // The umask bends the mode of a new file.
    chmodSync(draft, mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError("write", path, error);
  }
}

/** What is no file stays. */
export function removeFile({ path }: File): void {
  if (statusOf(path)?.isFile() !== true) return;
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw fileError("remove", path, error);
  }
}

export function inspectFile(resource: File): Drift | undefined {
  const { path, content, mode = DEFAULT_MODE } = resource;
  const status = statusOf(path);
  if (status === undefined) return { resource, problem: "missing" };
  if (!status.isFile()) return { resource, problem: "different", found: typeOf(status) };
  if (formatMode(status.mode) !== formatMode(mode)) {
    return { resource, problem: "different", found: `mode ${formatMode(status.mode)}` };
  }
  return readContent(path) === content ? undefined : { resource, problem: "different", found: "other content" };
}

export function describeFile({ path, content, mode = DEFAULT_MODE }: File): string {
  return `install -m ${formatMode(mode)} /dev/stdin ${path} <<< ${JSON.stringify(content)}`;
}

function readContent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
}

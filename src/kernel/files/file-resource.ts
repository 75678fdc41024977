import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { constants as osConstants } from "node:os";
import type { File } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { boundaryOperation } from "../boundary-operation.js";
import { errnoOf, fileError } from "../errno.js";
import { shellLine, withInput } from "../shell-words.js";
import { formatMode, pathConflict, statusOf, typeOf } from "./path-status.js";
import { openShared, readState, type SharedContent, type SharedState, stateOf } from "./shared-file.js";

const DEFAULT_MODE = 0o600;

/** A file that others write too. */
type Marked = File & { readonly mark: string };

/**
 * Makes the file, whole or not at all: beside its place, then renamed into it. One that is there already is written in
 * place, since a bind mount of it shows the file that it was made of and would miss another; what a crash leaves half
 * done there, the next call puts right. A file that is right is not touched, and of one that others write too only the
 * marked lines are. Throws `conflict` where the path is something else than a file.
 */
export function ensureFile(resource: File): void {
  const { path, content, mode = DEFAULT_MODE, mark } = resource;
  const status = statusOf(path);
  if (status !== undefined && !status.isFile()) throw pathConflict(path, status, "a file");
  const state = status === undefined || mark === undefined ? undefined : sharedState({ ...resource, mark });
  if (state === undefined ? inspectFile(resource) === undefined : isSettled(state)) return;
  try {
    boundaryOperation({ into: "file", what: () => `write ${path}` }, () => {
      if (status === undefined) createFile(path, content, mode);
      else if (mark === undefined) changeFile(path, content, mode);
      else changeShared(path, { ...resource, mark }, state);
    });
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** What is no file stays. */
export function removeFile({ path }: File): void {
  if (statusOf(path)?.isFile() !== true) return;
  try {
    boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => rmSync(path, { force: true }));
  } catch (error) {
    throw fileError("remove", path, error);
  }
}

export function inspectFile(resource: File): Drift | undefined {
  const { path, content, mode = DEFAULT_MODE } = resource;
  const status = statusOf(path);
  if (status === undefined) return { resource, problem: "missing" };
  if (!status.isFile()) return { resource, problem: "different", found: typeOf(status) };
  if (isMarked(resource)) return inspectShared(resource);
  if (formatMode(status.mode) !== formatMode(mode)) {
    return { resource, problem: "different", found: `mode ${formatMode(status.mode)}` };
  }
  return readContent(path) === content ? undefined : { resource, problem: "different", found: "other content" };
}

function isMarked(resource: File): resource is Marked {
  return resource.mark !== undefined;
}

function inspectShared(resource: Marked): Drift | undefined {
  const state = sharedState(resource);
  if (state === undefined) return { resource, problem: "different", found: "a lease on it" };
  return isSettled(state) ? undefined : { resource, problem: "different", found: "other content" };
}

/** Undefined while another process holds a lease on the file. */
function sharedState(resource: Marked): SharedState | undefined {
  try {
    return readState(resource.path, resource);
  } catch (error) {
    if (errnoOf(error) === osConstants.errno.EAGAIN) return undefined;
    throw fileError("read", resource.path, error);
  }
}

function isSettled({ text, settled }: SharedState): boolean {
  return text === settled;
}

export function describeFile(verb: "ensure" | "remove", { path, content, mode = DEFAULT_MODE }: File): string {
  if (verb === "remove") return shellLine(["rm", path]);
  const install = shellLine(["install", "-m", formatMode(mode), "/dev/stdin", path]);
  return content.endsWith("\n") ? withInput(install, content) : `${shellLine(["printf", "%s", content])} | ${install}`;
}

function createFile(path: string, content: string, mode: number): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, content, { mode });
    // The umask bends the mode of a new file.
    chmodSync(draft, mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function changeFile(path: string, content: string, mode: number): void {
  const file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    fchmodSync(file, mode);
    replace(file, readFileSync(file), Buffer.from(content));
  } finally {
    closeSync(file);
  }
}

/** What was found `before` the file was opened for writing may be another by now. */
function changeShared(path: string, wanted: SharedContent, before: SharedState | undefined): void {
  const file = openShared(path, constants.O_RDWR);
  try {
    const { text, settled } = stateOf(file, wanted, before);
    const bytes = Buffer.from(settled, "latin1");
    if (text === undefined) overwrite(file, bytes);
    else replace(file, Buffer.from(text, "latin1"), bytes);
  } finally {
    closeSync(file);
  }
}

function replace(file: number, before: Buffer, after: Buffer): void {
  try {
    overwrite(file, after);
  } catch (error) {
    // On a full disk: the file still has the room for this.
    overwrite(file, before);
    throw error;
  }
}

/** Not emptied first, so that no process ever reads an empty file. */
function overwrite(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at);
  ftruncateSync(file, bytes.length);
}

function readContent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
}

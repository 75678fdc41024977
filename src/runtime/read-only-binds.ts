import type { Bind } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { canonicalPath } from "../kernel/files/canonical-path.js";
import { listMounts } from "../kernel/files/mount-table.js";

/**
 * Of the binds those that are to be read-only and have other mounts of the host below their source. A bind's own flag says
 * nothing of these: they need mount_setattr(2) with AT_RECURSIVE, which kernels have since 5.12.
 */
export function deepReadOnly(binds: readonly Bind[]): readonly Bind[] {
  const readOnly = binds.filter((bind) => bind.readOnly && bind.nonRecursive !== true);
  if (readOnly.length === 0) return [];
  const mounts = listMounts();
  return readOnly.filter(({ source }) => {
    const directory = canonicalPath(source);
    return mounts.some(({ path }) => path !== directory && isWithin(path, directory));
  });
}

/**
 * Looks at the mounts of a container that waits for its start, since runtimes older than the option pass over it. Throws
 * `unsupported` where something within one of the `deep` binds could be written to, other binds within it apart.
 */
export function requireReadOnly(pid: number, deep: readonly Bind[], binds: readonly Bind[]): void {
  if (deep.length === 0) return;
  for (const { path, writable } of listMounts(pid)) {
    if (!writable) continue;
    const bind = innermost(binds, path);
    if (bind !== undefined && deep.includes(bind)) throw staysWritable(bind, path);
  }
}

export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

function innermost(binds: readonly Bind[], path: string): Bind | undefined {
  const around = binds.filter(({ target }) => isWithin(path, target));
  return around.sort((one, other) => other.target.length - one.target.length)[0];
}

function staysWritable({ source, target }: Bind, path: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_VOLUME_WRITABLE",
    message: `${source} cannot be mounted read-only: the host has another file system mounted below it, and ${path} in the container stays writable`,
    hint: "Use Linux 5.12 with crun 1.4 or runc 1.1, or newer ones; or mount a directory without file systems below it.",
    details: { source, target, path },
  });
}

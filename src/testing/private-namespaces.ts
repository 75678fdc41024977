import { realpathSync } from "node:fs";

/**
 * Covers /run, and leaves in it, to be read, what the first arguments name there, up to `--`; runs the others. The shell stays,
 * to reap orphans. Without canonical paths, since those of what is covered mean the cover.
 */
const script = `
exec 9</run && mount -t tmpfs -o mode=755 tmpfs /run || exit
while [ "$1" != -- ]; do
  if [ -d "/proc/self/fd/9/$1" ]; then mkdir "/run/$1"; else : > "/run/$1"; fi
  mount -c --bind "/proc/self/fd/9/$1" "/run/$1" && mount -c -o remount,bind,ro "/run/$1" || exit
  shift
done
exec 9<&-
shift; "$@"; exit`;

/** Runs a program in namespaces of its own for everything that the kernel keeps apart, and a /run of its own; `files` stay. */
export function privately(program: readonly string[], files: readonly string[]): readonly string[] {
  const kept = new Set(files.flatMap((file) => /^\/run\/([^/]+)/.exec(realpathSync(file))?.[1] ?? []));
  return [
    ...["unshare", "--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"],
    ...["--propagation", "private", "sh", "-c", script, "sh", ...kept, "--", ...program],
  ];
}

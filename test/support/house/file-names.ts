/** Names that say what a file is for to nobody: things end up in such files that belong somewhere. */
const vague = /(^|[-_.])(helpers?|utils?|utilities|misc|common|shared-stuff)([-_.]|$)/i;

/** Paths with a file or folder name that names no subject. */
export function vagueNames(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.split("/").some((part) => vague.test(part)));
}

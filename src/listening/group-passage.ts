import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Of inode(7): what lets members of a directory's group, and all others, pass to what is in it. */
const GROUP_PASSES = 0o010;
const OTHERS_PASS = 0o001;

/**
 * The first directory, from the top down, that members of a group cannot pass on their way to what is in `directory`: as its path names
 * them, and where its links lead.
 */
export function barrierTo(directory: string, group: number): string | undefined {
  return [...wayTo(directory), ...wayTo(realpathSync(directory))].find((at) => {
    const { mode, gid } = statSync(at);
    return (mode & (gid === group ? GROUP_PASSES : OTHERS_PASS)) === 0;
  });
}

function wayTo(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...wayTo(parent), directory];
}

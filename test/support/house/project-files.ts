import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** A file of the project: its path from the root, and its text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** Every file that git tracks or would track, below the given folders or, without any, everywhere. */
export function projectFiles(...folders: readonly string[]): readonly ProjectFile[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...folders],
    {
      encoding: "utf8",
    },
  );
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

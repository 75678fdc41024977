import type { ProjectFile } from "./project-files.js";

/**
 * Where a package came from depends on the machine that installed it: neither a lock file nor anything else may say. Returns
 * `path:line` for each line that does.
 */
export function downloadAddresses(files: readonly ProjectFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => (isAddress(path, line) ? [`${path}:${index + 1}`] : [])),
  );
}

function isAddress(path: string, line: string): boolean {
  if (/package-lock\.json$/.test(path) && /"resolved":/.test(line)) return true;
  // npm's setting; in a program, which has blanks there, it is a variable.
  if ((/\.npmrc$/.test(path) ? /\bregistry\s*=/ : /\bregistry=\S/).test(line)) return true;
  return /https?:\/\/(registry\.|deb\.|[^/\s"]*\/(npm|debian)\/)/.test(line);
}

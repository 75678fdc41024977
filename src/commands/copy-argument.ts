import { isAbsolute } from "node:path";

/** One side of `tsd cp`: a path of a container, or of this machine, where `-` is a tar on a standard stream. */
export interface CopySide {
  readonly container?: string;
  readonly path: string;
}

/** docker's rule: a path with a colon is a container's, unless it begins with `/` or `.`. */
export function parseCopySide(text: string): CopySide {
  const colon = text.indexOf(":");
  if (colon <= 0 || isAbsolute(text) || text.startsWith(".")) return { path: text };
  return { container: text.slice(0, colon), path: text.slice(colon + 1) };
}

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { TsdError } from "../errors/tsd-error.js";
import type { OwnProgram } from "../installation.js";

/** Of src/installation.ts: the executable is all of tsd's programs, and a word with this mark names one. */
export const mark = "@";

export function ownProgram(name: OwnProgram): readonly [file: string, ...args: string[]] {
  return name === "tsd" ? [process.execPath] : [process.execPath, mark + name];
}

/** Throws `unsupported` if the executable is a file by itself. */
export function packageDirectory(): string {
  const root = resolve(dirname(process.execPath), "..");
  if (existsSync(`${root}/share/plugin-template`)) return root;
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_PACKAGE_MISSING",
    message: `${process.execPath} is tsd without its package, which the projects of plug-ins need`,
    hint: "Install it: npm install @tsdnet/tsd",
  });
}

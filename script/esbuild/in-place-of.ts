import { resolve } from "node:path";
import type { Plugin } from "esbuild";

/** Loads another file of the sources in the place of some: `{ "src/a.ts": "src/executable/a.ts" }`. */
export function inPlaceOf(substitutes: Readonly<Record<string, string>>): Plugin {
  return {
    name: "in-place-of",
    setup(build) {
      const root = build.initialOptions.absWorkingDir ?? ".";
      const paths = new Map(Object.entries(substitutes).map(([from, to]) => [resolve(root, from), resolve(root, to)]));
      build.onResolve({ filter: /\.js$/ }, ({ path, resolveDir, kind }) => {
        if (kind === "entry-point" || !path.startsWith(".")) return undefined;
        const substitute = paths.get(resolve(resolveDir, path.replace(/\.js$/, ".ts")));
        return substitute === undefined ? undefined : { path: substitute };
      });
    },
  };
}

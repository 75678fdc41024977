import type { Plugin } from "esbuild";

/** Where each name that tsd imports from @oclif/core lives; `undefined` for the module itself. */
const parts: Readonly<Record<string, { readonly from: string; readonly name?: string }>> = {
  Args: { from: "args" },
  Command: { from: "command", name: "Command" },
  Config: { from: "config", name: "Config" },
  Flags: { from: "flags" },
  Help: { from: "help", name: "Help" },
};

/**
 * Stands in for the main module of @oclif/core, which loads each of its parts, reads package.json and compares versions:
 * 12 ms. Here a part loads when its name is first used. A name that is not listed fails the build.
 */
export const oclifParts: Plugin = {
  name: "oclif-parts",
  setup(build) {
    build.onResolve({ filter: /^@oclif\/core$/ }, ({ path }) => ({
      path,
      namespace: "oclif-parts",
    }));
    build.onLoad({ filter: /.*/, namespace: "oclif-parts" }, () => ({
      contents: Object.entries(parts)
        .map(([exported, { from, name }]) => {
          const member = name === undefined ? "" : `.${name}`;
          return `Object.defineProperty(exports, "${exported}", { enumerable: true, get: () => require("@oclif/core/${from}")${member} });`;
        })
        .join("\n"),
      resolveDir: build.initialOptions.absWorkingDir ?? ".",
      loader: "js",
    }));
  },
};

import type { Plugin } from "esbuild";

/** Puts koffi's binary into the executable, as a file that src/executable/load-addon.ts loads. */
export const embeddedKoffi: Plugin = {
  name: "embedded-koffi",
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: "embedded-koffi" }));
    build.onLoad({ filter: /.*/, namespace: "embedded-koffi" }, () => ({
      contents: `
        import { loadAddon } from "./src/executable/load-addon.ts";
        const koffi = loadAddon(require("./koffi.addon"));
        module.exports = koffi.default ?? koffi;`,
      resolveDir: build.initialOptions.absWorkingDir ?? ".",
      loader: "js",
    }));
    build.onResolve({ filter: /\.addon$/ }, ({ path }) => ({ path, external: true }));
  },
};

import type { BuildOptions, Plugin } from "esbuild";
import { atFirstUse } from "./native-koffi.ts";
import { root } from "./settings.ts";

/** koffi within the executable, of which the add-on is a file that src/executable/load-addon.ts loads. */
export const koffi: BuildOptions = {
  stdin: {
    contents: `
      const { loadAddon } = require("./src/executable/load-addon.ts");
      ${atFirstUse('loadAddon(require("./koffi.addon"))')}`,
    resolveDir: root,
  },
  outfile: "koffi.cjs",
};

/** Loads koffi once, whichever files of the executable need it. */
export const embeddedKoffi: Plugin = {
  name: "embedded-koffi",
  setup({ onResolve }) {
    onResolve({ filter: /^koffi$/ }, () => ({ path: "./koffi.cjs", external: true }));
    onResolve({ filter: /\.addon$/ }, ({ path }) => ({ path, external: true }));
  },
};

import type { Plugin } from "esbuild";
import { atFirstUse } from "./native-koffi.ts";
import { root } from "./settings.ts";

/** Evaluates ipaddr.js at its first use: it compiles regular expressions, and a command that meets no IPv6 uses none of it. */
export const lazyIpaddr: Plugin = {
  name: "lazy-ipaddr",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ipaddr\.js$/ }, ({ kind, path }) =>
      kind === "import-statement" ? { path, namespace: "lazy-ipaddr" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "lazy-ipaddr" }, () => ({
      contents: atFirstUse('require("ipaddr.js")'),
      resolveDir: root,
      loader: "js",
    }));
  },
};

import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Parts of Node.js that a bare start does not load, with what loading them costs in ms. */
export const costly: readonly string[] = [
  "node:child_process",
  "node:crypto",
  "node:fs/promises",
  "node:module",
  "node:net",
  "node:readline",
  "node:sqlite",
  "node:tty",
  "node:vm",
  "node:worker_threads",
  "node:zlib",
];

/**
 * Delays built-in modules that cost time until one of their members is used: an import at the top of a file would load
 * node:crypto, 5 ms, for every command that shares the file with one that needs it.
 */
export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup(build) {
    const require = createRequire(import.meta.url);
    build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind, namespace }) => {
      const name = path.startsWith("node:") ? path : `node:${path}`;
      if (!costly.includes(name) || namespace === "lazy-builtins") return undefined;
      return kind === "import-statement" ? { path: name, namespace: "lazy-builtins" } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "lazy-builtins" }, ({ path }) => ({
      contents: Object.keys(require(path))
        .map((member) => `get ${member}() { return require("${path}").${member}; },`)
        .join("\n")
        .replace(/^/, "module.exports = {\n")
        .concat("\n};"),
      loader: "js",
    }));
  },
};

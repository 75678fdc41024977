import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Parts of Node.js that a bare start does not load, with what loading them costs in ms. */
export const costly: readonly string[] = [
  "node:async_hooks",
  "node:child_process",
  "node:crypto",
  "node:dgram",
  "node:fs/promises",
  "node:module",
  "node:net",
  "node:readline",
  "node:sqlite",
  "node:stream",
  "node:timers/promises",
  "node:tty",
  "node:url",
  "node:util",
  "node:vm",
  "node:worker_threads",
  "node:zlib",
];

/**
 * Delays built-in modules that cost time until one of their members is used: an import at the top of a file would load
 * node:crypto, 5 ms, for every command that shares the file with one that needs it. Each file that imports one copies its members,
 * so what tsd itself imports is a module with these alone.
 */
export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup(build) {
    const require = createRequire(import.meta.url);
    build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind, namespace, importer }) => {
      const name = path.startsWith("node:") ? path : `node:${path}`;
      if (!costly.includes(name) || namespace === "lazy-builtins" || kind !== "import-statement") return undefined;
      const isOwn = importer.startsWith(`${source}/`);
      return { path: name, namespace: "lazy-builtins", ...(isOwn ? {} : { suffix: "?all" }) };
    });
    build.onLoad({ filter: /.*/, namespace: "lazy-builtins" }, ({ path, suffix }) => {
      const members = suffix === "" ? importedFrom(path) : Object.keys(require(path));
      return {
        contents: members
          .map((member) => `get ${member}() { return require("${path}").${member}; },`)
          .join("\n")
          .replace(/^/, "module.exports = {\n")
          .concat("\n};"),
        loader: "js",
      };
    });
  },
};

const source = realpathSync(`${import.meta.dirname}/../../src`);

let imports: readonly (readonly [module: string, member: string])[] | undefined;

/** The members that some file of src imports from a built-in module. Throws for one that imports the module as a whole. */
function importedFrom(module: string): readonly string[] {
  imports ??= readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => importsOf(readFileSync(`${source}/${file}`, "utf8")));
  return [...new Set(imports.filter(([from]) => from === module).map(([, member]) => member))].sort();
}

function importsOf(text: string): readonly (readonly [module: string, member: string])[] {
  const [whole] = /^import [^{\n]*"node:.*$/m.exec(text) ?? [];
  if (whole !== undefined) throw new Error(`import members by their names, so that unused ones cost nothing: ${whole}`);
  return [...text.matchAll(/^import \{([^}]*)\} from "(node:[^"]+)"/gm)].flatMap(([, names = "", module = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().split(" as ")[0] ?? "")
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => [module, name] as const),
  );
}

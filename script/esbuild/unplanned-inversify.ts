import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/**
 * Spares inversify a look through its plans at each binding while it has none: at start it makes dozens of bindings before the
 * first plan, which takes a millisecond of each command.
 */
export const unplannedInversify: Plugin = {
  name: "unplanned-inversify",
  setup({ onLoad }) {
    onLoad({ filter: /\/@inversifyjs\/core\/lib\/planning\/services\/PlanResultCacheService\.js$/ }, ({ path }) => ({
      contents: withoutVainLooks(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/** Those that write a plan, and those that look for plans which a binding makes wrong. */
const writers = ["set(options, planResult) {", "setNonCachedServiceNode(node, context) {"];
const looks = /^\s+this\.#invalidate(?:Service|Named|NamedTagged|Tagged|NonCached)\w*Map\(invalidation\);$/gm;

/** Rewrites the file; exported for its test. */
export function withoutVainLooks(source: string): string {
  const found = source.match(looks) ?? [];
  if (found.length !== 5 || !writers.every((writer) => source.split(`    ${writer}\n`).length === 2))
    throw new Error("inversify's cache of plans is no longer as it was: review script/esbuild");
  const marked = writers.reduce((text, writer) => text.replace(writer, `${writer} this.#hasPlans = true;`), source);
  return marked
    .replace(looks, (look) => look.replace("this.", "if (this.#hasPlans) this."))
    .replace("    #jitEnabled;\n", "    #hasPlans = false;\n    #jitEnabled;\n");
}

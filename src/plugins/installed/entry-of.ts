import { posix } from "node:path";

/** Conditions under which a module of Node.js is loaded by `require`, ES modules too (nodejs.org, "Conditional exports"). */
const CONDITIONS = new Set(["node", "import", "module-sync", "require", "default"]);

type Json = Readonly<Record<string, unknown>>;

/**
 * The path of a package's module below its directory, by `exports`, else by `main`, else `index.js`. Undefined for a path
 * that leads outside.
 */
export function entryOf({ exports, main }: Json): string | undefined {
  const path = exports === undefined ? (main ?? "index.js") : ofExports(exports);
  if (typeof path !== "string" || path.includes("\\") || /\p{Cc}/u.test(path)) return undefined;
  const entry = posix.normalize(path);
  const isInside = !entry.startsWith("/") && entry !== ".." && !entry.startsWith("../") && entry !== ".";
  return isInside && !entry.endsWith("/") ? entry : undefined;
}

function ofExports(exports: unknown): unknown {
  if (typeof exports !== "object" || exports === undefined || !exports) return exports;
  const first = (keys: (key: string) => boolean): unknown => {
    const found = Object.entries(exports).find(([key]) => keys(key));
    return found === undefined ? undefined : ofExports(found[1]);
  };
  return first((key) => key === ".") ?? first((key) => CONDITIONS.has(key));
}

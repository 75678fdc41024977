import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/**
 * Delays what TypeScript's CommonJS output does at once. `const x_1 = require("./x")`, at the top of each file of
 * @oclif/core, runs some 160 modules at start, of which parsing a command needs a dozen. Here `x_1` becomes a function that
 * requires at its first call, and every use of `x_1` a call.
 */
export const lazyRequires: Plugin = {
  name: "lazy-requires",
  setup(build) {
    build.onLoad({ filter: /node_modules\/@oclif\/core\/lib\/.*\.js$/ }, ({ path }) => ({
      contents: withoutStartupEffects(path, delayRequires(readFileSync(path, "utf8"))),
      loader: "js",
    }));
  },
};

/** Rewrites the requires of one CommonJS file; exported for its test. */
export function delayRequires(source: string): string {
  const names: string[] = [];
  const declared = source.replace(
    /^const (\w+) = ((?:__importDefault|__importStar)\()?require\("([^"]+)"\)\)?;$/gm,
    (_, name: string, wrapper: string | undefined, path: string) => {
      names.push(name);
      const value = wrapper === undefined ? `require("${path}")` : `${wrapper}require("${path}"))`;
      return `let ${name}$value; const ${name}$load = () => ${name}$value ??= ${value};`;
    },
  );
  // In parentheses: `new x_1.default()` must construct what x_1 holds, not x_1's loader.
  return names.reduce(
    (text, name) => text.replace(new RegExp(`(?<![\\w.$"'])${name}(?![\\w$])`, "g"), `(${name}$load())`),
    declared,
  );
}

/** What files of oclif do to the process when they are loaded, and what tsd has in their place. */
const effects: readonly {
  readonly file: string;
  readonly code: RegExp;
  readonly replacement: string;
}[] = [
  // Makes process.stdout; tsd writes through src/cli/write-text.ts, which handles EPIPE itself.
  {
    file: "/lib/command.js",
    code: /^process\.stdout\.on\('error', [\s\S]*?^\}\);$/m,
    replacement: "",
  },
];

function withoutStartupEffects(path: string, source: string): string {
  return effects
    .filter(({ file }) => path.endsWith(file))
    .reduce((text, { file, code, replacement }) => {
      if (!code.test(text)) throw new Error(`@oclif/core${file} no longer holds ${code}: review script/esbuild`);
      return text.replace(code, replacement);
    }, source);
}

import type { BuildOptions, Plugin } from "esbuild";

export const root = `${import.meta.dirname}/../..`;

/** What oclif requires for plug-ins, spinners and tracing, which tsd never reaches; left where npm put it. */
export const unreached = [
  "cli-spinners",
  "debug",
  "lilconfig",
  "minimatch",
  "semver",
  "tinyglobby",
  "typescript",
  "wsl-utils",
];

export const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  logLevel: "warning",
  legalComments: "none",
};

export const commonJs: BuildOptions = {
  ...shared,
  format: "cjs",
  target: "node24",
  minify: true,
  supported: { "dynamic-import": false },
  define: { "import.meta.dirname": "__dirname" },
};

/** Leaves an import to another file of dist/. */
export function apart(imported: string, file: string): Plugin {
  const filter = new RegExp(`^${imported.replaceAll(".", "\\.")}$`);
  return {
    name: `apart ${imported}`,
    setup: ({ onResolve }) => onResolve({ filter }, () => ({ path: file, external: true })),
  };
}

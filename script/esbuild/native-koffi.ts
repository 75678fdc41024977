import type { Plugin } from "esbuild";

/**
 * Loads koffi's binary without koffi's JavaScript, which looks for it in many places: 1 ms instead of 8. The package
 * itself is the fallback, for a C library or a processor that this does not name.
 */
export const nativeKoffi: Plugin = {
  name: "native-koffi",
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ kind, path }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: "native-koffi" },
    );
    build.onLoad({ filter: /.*/, namespace: "native-koffi" }, () => ({
      contents: `
        const { arch } = process;
        let koffi;
        try {
          koffi = require(\`@koromix/koffi-linux-\${arch}/linux_\${arch}/koffi.node\`);
        } catch {
          koffi = require("koffi");
        }
        module.exports = koffi.default ?? koffi;`,
      resolveDir: build.initialOptions.absWorkingDir ?? ".",
      loader: "js",
    }));
  },
};

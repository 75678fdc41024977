import type { Plugin } from "esbuild";

/** A module that `load`, an expression, becomes when one of its members is first used: most commands use none. */
export const atFirstUse = (load: string): string => `
  let value;
  const load = () => ${load};
  const loaded = () => (value ??= ((found) => found.default ?? found)(load()));
  module.exports = new Proxy({}, { get: (_, member) => loaded()[member] });`;

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
      contents: atFirstUse(`{
        const { arch } = process;
        try {
          return require(\`@koromix/koffi-linux-\${arch}/linux_\${arch}/koffi.node\`);
        } catch {
          return require("koffi");
        }
      }`),
      resolveDir: build.initialOptions.absWorkingDir ?? ".",
      loader: "js",
    }));
  },
};

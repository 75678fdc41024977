import { libc } from "../kernel/libc.js";

let isProvided = false;

/** What plug-ins import, loaded as they do. The runtime refuses a module here that is loaded by a promise. */
const modules: Readonly<Record<string, () => object>> = {
  "@tsdnet/tsd": () => require("../index.js"),
  "@tsdnet/tsd/api": () => require("../index.js"),
  "@tsdnet/tsd/testing": () => require("../testing/index.js"),
};

/** Of src/plugins/installed/module-loading.ts: the runtime has no hooks for modules. The library is in the executable already. */
export function provideApi(): void {
  if (isProvided) return;
  isProvided = true;
  // The runtime keeps what it has compiled below the caller's HOME, and would run what it finds there.
  libc().setenv("BUN_RUNTIME_TRANSPILER_CACHE_PATH", "0", 1);
  Bun.plugin({
    name: "@tsdnet/tsd",
    setup: (build) => {
      for (const [name, load] of Object.entries(modules)) {
        build.module(name, () => ({ exports: load(), loader: "object" }));
      }
    },
  });
}

/** An error with no code. */
export function isAsyncModule(thrown: unknown): boolean {
  const message = (thrown as { readonly message?: unknown } | undefined)?.message;
  return typeof message === "string" && message.startsWith("require() async module ");
}

import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

/** In the executable another file stands in the place of this one, and so for what follows. */
let isProvided = false;

/**
 * Has `@tsdnet/tsd` mean the running tsd in every plug-in: no copy or link is needed that could be of another version.
 */
export function provideApi(): void {
  if (isProvided) return;
  isProvided = true;
  // A package finds itself by its own name.
  const parentURL = pathToFileURL(`${import.meta.dirname}/plug-in`).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, /^@tsdnet\/tsd(\/|$)/.test(specifier) ? { ...context, parentURL } : context),
  });
}

/** Whether a module was not loaded because it waits at its top level. */
export function isAsyncModule(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown } | undefined)?.code === "ERR_REQUIRE_ASYNC_MODULE";
}

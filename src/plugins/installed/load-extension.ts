import type { Extension } from "../../api/index.js";
import { checkExtension } from "../check-extension.js";
import { loadModule, type PluginModule } from "./load-module.js";

/** Loads a module of a plug-in, and returns the extension that it exports. Throws `plugin`. */
export function loadExtension(module: PluginModule): Extension {
  return checkExtension(extensionOf(loadModule(module)));
}

/** The default export of an ES module; of a CommonJS module too that was one, else all that it exports. */
export function extensionOf(exported: unknown): unknown {
  if (typeof exported !== "object" || !exported) return exported;
  const { default: main, extension } = exported as { readonly default?: unknown; readonly extension?: unknown };
  return main ?? extension ?? exported;
}

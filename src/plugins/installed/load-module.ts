import { createRequire } from "node:module";
import { dirname } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { boundedCall } from "../bounded-call.js";
import { isAsyncModule, provideApi } from "./module-loading.js";
import { pluginError } from "./plugin-error.js";
import { saidBy } from "./said-by.js";

/** Milliseconds that loading may take. */
const LONGEST_LOAD = 10_000;

/** Where a module lies, and whose it is. */
export interface PluginModule {
  /** Absolute path. */
  readonly entry: string;
  /** Of the plug-in, for errors. */
  readonly name: string;
}

/**
 * Loads a module of a plug-in, in JavaScript or TypeScript, and returns what `read` makes of its exports. It loads at once, so
 * that use cases need not wait: modules with `await` at their top level are refused. Throws `plugin`.
 */
export function loadModule<T>({ entry, name }: PluginModule, read: (exported: unknown) => T): T {
  provideApi();
  const require = createRequire(entry);
  try {
    const work = () => withoutRemarks(() => read(require(entry)));
    return boundedCall(work, { what: `plug-in "${name}", while it was loaded,`, milliseconds: LONGEST_LOAD });
  } catch (cause) {
    if (TsdError.is(cause) && cause.code === "TSD_PLUGIN_TIMEOUT") throw cause;
    throw loadFailed({ entry, name }, cause);
  }
}

/** Calls `work` without what Node.js remarks on the loading of modules: an older one on TypeScript, all on missing types of modules. */
function withoutRemarks<T>(work: () => T): T {
  const { emitWarning } = process;
  const filtered = (warning: string | Error, ...rest: readonly unknown[]): void => {
    const [type, code] = typeof rest[0] === "string" ? rest : Object.values((rest[0] as object | undefined) ?? {});
    if (type === "ExperimentalWarning" || code === "MODULE_TYPELESS_PACKAGE_JSON") return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  process.emitWarning = filtered as typeof emitWarning;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Node.js names files where they lie for now, which says nothing to a user. */
function loadFailed({ entry, name }: Pick<PluginModule, "entry" | "name">, thrown: unknown): TsdError {
  const waits = isAsyncModule(thrown);
  const why = waits
    ? "it uses await at the top level of a module"
    : saidBy(thrown).replaceAll(`${dirname(entry)}/`, "");
  return pluginError(name, {
    code: "TSD_PLUGIN_LOAD_FAILED",
    message: `plug-in "${name}" cannot be loaded: ${why}`,
    ...(waits ? { hint: "Its author can move what waits into the verbs that may wait." } : {}),
    cause: thrown,
  });
}

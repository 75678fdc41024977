import { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { boundedText } from "../returned/bounded-text.js";

/** One call of a plug-in's code, with all that the code starts: timers, promises and callbacks keep it. */
export interface PluginScope {
  /** Receives what nothing caught; the call ends with it, if it has not ended. */
  fail(thrown: unknown): void;
  /** Returns the error for something that it did and must not, as the rest of a sentence. The call ends with it. */
  refuse(what: string): Error;
}

/** What would end the process, or change it for all code in it. */
const refused = ["exit", "reallyExit", "abort", "kill", "chdir"] as const;

type ProcessFunctions = Record<(typeof refused)[number], (...values: unknown[]) => unknown>;

/** Made with the first call. */
let scopes: AsyncLocalStorage<PluginScope> | undefined;

/**
 * Does `work` as the plug-in's. In it, and in all that it starts, `process.exit` and its like throw, and what nothing catches
 * is the plug-in's failure and not the end of the process.
 */
export function inPluginScope<T>(scope: PluginScope, work: () => T): T {
  scopes ??= guardProcess();
  return scopes.run(scope, work);
}

/** Once for the process: outside of a scope everything is as it was. */
function guardProcess(): AsyncLocalStorage<PluginScope> {
  const storage = new AsyncLocalStorage<PluginScope>();
  const functions = process as unknown as ProcessFunctions;
  for (const name of refused) {
    const real = functions[name];
    functions[name] = (...values) => {
      const scope = storage.getStore();
      if (scope !== undefined && !(name === "kill" && isHarmless(values))) {
        throw scope.refuse(`it called process.${name}(${words(values)}), and the process is not its own`);
      }
      return Reflect.apply(real, process, values);
    };
  }
  // So that `import { exit } from "node:process"` has them too.
  syncBuiltinESMExports();
  if (!process.hasUncaughtExceptionCaptureCallback()) process.setUncaughtExceptionCaptureCallback(uncaught);
  return storage;
}

/** Signal 0 only asks; other processes are the plug-in's affair. */
function isHarmless([pid, signal]: readonly unknown[]): boolean {
  return signal === 0 || (pid !== process.pid && pid !== 0 && pid !== -process.pid && pid !== -1);
}

function words(values: readonly unknown[]): string {
  const plain = values.filter((value) => typeof value === "number" || typeof value === "string");
  return boundedText(plain.join(", "));
}

/** As without this callback where it is not a plug-in's. */
function uncaught(error: unknown): void {
  const scope = scopes?.getStore();
  if (scope !== undefined) scope.fail(error);
  else if (!process.emit("uncaughtException", error as Error, "uncaughtException")) {
    process.setUncaughtExceptionCaptureCallback(null);
    setImmediate(() => {
      throw error;
    });
  }
}
